import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

interface Props {
  title: string;
  /** What the button says that does it. */
  verb: string;
  children: ComponentChildren;
  onConfirm(): void;
  onCancel(): void;
}

/** Asks before something is done that cannot be taken back. */
export function Confirm({ title, verb, children, onConfirm, onCancel }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current!.showModal(), []);
  return (
    <dialog ref={dialog} class="dialog" onClose={onCancel} aria-labelledby="confirm-title" data-testid="confirm">
      <h2 id="confirm-title">{title}</h2>
      <p>{children}</p>
      <div class="dialog-buttons">
        <button type="button" class="secondary" onClick={() => dialog.current!.close()} data-testid="confirm-no">Cancel</button>
        <button type="button" class="primary danger" onClick={() => { onConfirm(); dialog.current!.close(); }} data-testid="confirm-yes">{verb}</button>
      </div>
    </dialog>
  );
}

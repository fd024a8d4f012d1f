import { useEffect, useRef } from 'preact/hooks';

interface Props {
  unsent: number;
  onConfirm(): void;
  onCancel(): void;
}

/** Asks before messages are thrown away that never reached the server. */
export function ConfirmLogOut({ unsent, onConfirm, onCancel }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current!.showModal(), []);
  return (
    <dialog ref={dialog} class="dialog" onClose={onCancel} aria-labelledby="log-out-title" data-testid="confirm-log-out">
      <h2 id="log-out-title">Log out without sending?</h2>
      <p>{unsent === 1 ? 'One message has' : `${unsent} messages have`} not been sent yet and would be lost.</p>
      <div class="dialog-buttons">
        <button type="button" class="secondary" onClick={() => dialog.current!.close()} data-testid="stay">Stay</button>
        <button type="button" class="primary danger" onClick={onConfirm} data-testid="log-out-anyway">Log out</button>
      </div>
    </dialog>
  );
}

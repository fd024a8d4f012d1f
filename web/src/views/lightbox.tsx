import { useEffect, useRef } from 'preact/hooks';
import type { Attachment } from '@parley/sdk';
import { useChat } from './chat-context';
import { CloseIcon, DownloadIcon } from './icons';

/** A picture in full size. */
export function Lightbox({ picture, url, onClose }: { picture: Attachment; url: string; onClose(): void }) {
  const chat = useChat();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current!.showModal(), []);
  const name = picture.name ?? 'Picture';
  return (
    <dialog ref={dialog} class="lightbox" aria-label={name} onClose={onClose} onClick={({ target }) => target === dialog.current && dialog.current!.close()} data-testid="lightbox">
      <img src={url} alt={name} />
      <div class="lightbox-bar">
        <span class="lightbox-name">{name}</span>
        <button type="button" class="icon-button" aria-label="Download" title="Download" onClick={() => void chat.files.save(picture).catch(() => {})}><DownloadIcon /></button>
        <button type="button" class="icon-button" aria-label="Close" title="Close" onClick={() => dialog.current!.close()}><CloseIcon /></button>
      </div>
    </dialog>
  );
}

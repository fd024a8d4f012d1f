import { fileBytesMax } from '@parley/sdk';
import { sizeText } from '../model/file-urls';
import type { Upload } from '../model/uploads';
import { useChat } from './chat-context';
import { CloseIcon, FileIcon } from './icons';

/** The files that go with the next message, and how far each has come. */
export function UploadTray({ uploads }: { uploads: readonly Upload[] }) {
  const chat = useChat();
  return (
    <ul class="tray" aria-label="Files to send" data-testid="tray">
      {uploads.map(({ id, file, progress, stored, failure }) => (
        <li key={id} class={`tray-file${failure === undefined ? '' : ' failed'}`} data-testid="upload" data-state={failure !== undefined ? 'failed' : stored ? 'done' : 'busy'}>
          <FileIcon />
          <span class="file-names">
            <span class="file-name">{file.name}</span>
            {failure === undefined
              ? <span class="file-size">{sizeText(file.size)}</span>
              : <span class="tray-failure" role="alert">{failure} {file.size <= fileBytesMax && file.size > 0 && <button type="button" class="link" onClick={() => chat.uploads.retry(id)}>Try again</button>}</span>}
            {failure === undefined && !stored && <progress value={progress} max={1} aria-label={`Upload of ${file.name}`} />}
          </span>
          <button type="button" class="tray-remove" aria-label={`Take ${file.name} out`} onClick={() => chat.uploads.remove(id)}><CloseIcon /></button>
        </li>
      ))}
    </ul>
  );
}

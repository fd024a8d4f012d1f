import { useEffect, useState } from 'preact/hooks';
import type { Attachment } from '@parley/sdk';
import { isPicture, sizeText } from '../model/file-urls';
import { useChat } from './chat-context';
import { DownloadIcon, FileIcon } from './icons';
import { Lightbox } from './lightbox';

/** The files of a message: pictures as they are, others as something to download. */
export function Attachments({ attachments }: { attachments: readonly Attachment[] }) {
  return (
    <ul class="attachments" aria-label="Attachments">
      {attachments.map((attachment) => (
        <li key={attachment.file}>{isPicture(attachment) ? <Picture picture={attachment} /> : <FileLine file={attachment} />}</li>
      ))}
    </ul>
  );
}

function Picture({ picture }: { picture: Attachment }) {
  const chat = useChat();
  const [url, setUrl] = useState('');
  const [failed, setFailed] = useState(false);
  const [large, setLarge] = useState(false);
  const name = picture.name ?? 'Picture';

  useEffect(() => {
    let here = true;
    chat.files.picture(picture).then((found) => here && setUrl(found), () => here && setFailed(true));
    return () => void (here = false);
  }, [picture.file]);

  if (failed) return <FileLine file={picture} />;
  return (
    <>
      <button type="button" class="picture" aria-label={`Show ${name}`} onClick={() => url && setLarge(true)} data-testid="picture">
        {url ? <img src={url} alt={name} onError={() => setFailed(true)} /> : <span class="spinner" />}
      </button>
      {large && <Lightbox picture={picture} url={url} onClose={() => setLarge(false)} />}
    </>
  );
}

function FileLine({ file }: { file: Attachment }) {
  const chat = useChat();
  const [state, setState] = useState<'idle' | 'busy' | 'failed'>('idle');
  const name = file.name ?? 'File';

  async function save() {
    if (state === 'busy') return;
    setState('busy');
    setState(await chat.files.save(file).then(() => 'idle' as const, () => 'failed' as const));
  }

  return (
    <button type="button" class="file" title="Download" onClick={save} data-testid="file">
      <FileIcon />
      <span class="said">Download </span>
      <span class="file-names">
        <span class="file-name">{name}</span>
        <span class="file-size">{state === 'failed' ? 'Could not be downloaded' : file.size === undefined ? file.mime : sizeText(file.size)}</span>
      </span>
      {state === 'busy' ? <span class="spinner" /> : <DownloadIcon />}
    </button>
  );
}

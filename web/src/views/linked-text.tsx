const special = /\bhttps?:\/\/[^\s<>"]+[^\s<>".,:;!?)\]}']|@[A-Za-z0-9][A-Za-z0-9._@+-]*/g;

interface Props {
  text: string;
  mentions: readonly string[] | undefined;
  me: string;
}

/** Text with its web addresses as links and the names it mentions set off. Everything else stays as it was typed. */
export function LinkedText({ text, mentions = [], me }: Props) {
  const parts = [];
  let at = 0;
  for (const { 0: found, index } of text.matchAll(special)) {
    const name = found.startsWith('@') ? mentions.find((user) => found.slice(1).replace(/[._@+-]+$/, '') === user || found.slice(1) === user) : undefined;
    if (found.startsWith('@') && name === undefined) continue;
    parts.push(text.slice(at, index));
    const shown = name === undefined ? found : `@${name}`;
    if (name === undefined) parts.push(<a href={found} target="_blank" rel="noopener noreferrer">{found}</a>);
    else parts.push(<span class={name === me ? 'mention me' : 'mention'} data-testid="mention">{shown}</span>);
    at = index + shown.length;
  }
  parts.push(text.slice(at));
  return <>{parts}</>;
}

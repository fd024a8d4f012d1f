const link = /\bhttps?:\/\/[^\s<>"]+[^\s<>".,:;!?)\]}']/g;

/** Text with its web addresses as links. Everything else stays as it was typed. */
export function LinkedText({ text }: { text: string }) {
  const parts: (string | { href: string })[] = [];
  let at = 0;
  for (const found of text.matchAll(link)) {
    parts.push(text.slice(at, found.index), { href: found[0] });
    at = found.index + found[0].length;
  }
  parts.push(text.slice(at));
  return (
    <>
      {parts.map((part) => (typeof part === 'string' ? part : <a href={part.href} target="_blank" rel="noopener noreferrer">{part.href}</a>))}
    </>
  );
}

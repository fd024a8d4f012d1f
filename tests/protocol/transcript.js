import { readFileSync } from 'node:fs';

/** The lines of a transcript: `{ number, who, kind, text, json? }`, kind being `->`, `<-` or `<~`. */
export function linesOf(file) {
  return readFileSync(file, 'utf8')
    .split('\n')
    .map((line, index) => ({ number: index + 1, said: /^(\S+) (->|<-|<~) (.*)$/.exec(line) }))
    .filter(({ said }) => said && said[1] !== 'http')
    .map(({ number, said: [, who, kind, text] }) => ({ number, who, kind, text, json: parsed(expanded(text)) }));
}

/** `<x*3>` is three times x, as in the transcripts. */
const expanded = (text) => text.replace(/<([^<>]*?|[^<>]*<[^<>]*)\*(\d+)>/g, (_, what, count) => what.repeat(Number(count)));

function parsed(text) {
  try {
    const value = JSON.parse(text);
    return value !== null && typeof value === 'object' && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The line that answers the request at `index`: that with its `ref`, else what its sender is told next, since a `ref` that
 * is none does not come back.
 */
export function replyTo(lines, index) {
  const { who, json } = lines[index];
  const said = lines.slice(index + 1).filter((line) => line.who === who && line.kind !== '->' && line.json);
  return said.find((line) => json.ref !== undefined && line.json.ref === json.ref) ?? said[0];
}

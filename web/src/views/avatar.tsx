interface Props {
  name: string;
  group?: boolean;
  small?: boolean;
  online?: boolean;
}

/** A coloured disc with initials; the same name has the same colour everywhere. A dot says that somebody is online. */
export function Avatar({ name, group = false, small = false, online = false }: Props) {
  return (
    <span class={`avatar hue-${hueOf(name)}${group ? ' group' : ''}${small ? ' small' : ''}`} aria-hidden="true">
      {initials(name)}
      {online && <span class="online-dot" data-testid="online" />}
    </span>
  );
}

export function hueOf(name: string): number {
  // FNV-1a, of which the upper bits spread short names well.
  let hash = 2_166_136_261;
  for (const letter of name) hash = Math.imul(hash ^ letter.codePointAt(0)!, 16_777_619);
  return (hash >>> 16) % 8;
}

function initials(name: string): string {
  const words = name.split(/[\s._@+-]+/).filter(Boolean);
  const letters = words.length > 1 ? [words[0]!, words[1]!].map((word) => [...word][0]!) : [...(words[0] ?? '?')].slice(0, 1);
  return letters.join('').toUpperCase();
}

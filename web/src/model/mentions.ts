const mention = /(^|[\s(])@([A-Za-z0-9][A-Za-z0-9._@+-]*)/g;
const beginning = /(?:^|[\s(])@([A-Za-z0-9._@+-]*)$/;

/** The name that is being typed behind an @ before the caret, if one is. */
export function mentionBegun(text: string, caret: number): string | undefined {
  return beginning.exec(text.slice(0, caret))?.[1];
}

/** Puts the name in place of what was typed of it. Returns the text and where the caret goes. */
export function completeMention(text: string, caret: number, user: string): { text: string; caret: number } {
  const typed = mentionBegun(text, caret) ?? '';
  const before = `${text.slice(0, caret - typed.length)}${user} `;
  return { text: before + text.slice(caret).replace(/^ /, ''), caret: before.length };
}

/** Which of the members a text mentions. */
export function mentionsIn(text: string, members: readonly string[]): string[] {
  const known = new Set(members);
  const found = [...text.matchAll(mention)].map(([, , name]) => [name!, name!.replace(/[._@+-]+$/, '')].find((one) => known.has(one)));
  return [...new Set(found.filter((user) => user !== undefined))].slice(0, 50);
}

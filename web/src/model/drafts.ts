/** What was begun in a chat and not sent. It is still there after a look at another, a reload, and next week. */
export class Drafts {
  readonly #prefix: string;

  constructor(user: string) {
    this.#prefix = `parley.draft/${user}/`;
  }

  /** `place` is a conversation, or `to USER` before there is one. */
  get(place: string): string {
    return localStorage.getItem(this.#prefix + place) ?? '';
  }

  put(place: string, text: string): void {
    if (text.trim() === '') localStorage.removeItem(this.#prefix + place);
    else localStorage.setItem(this.#prefix + place, text);
  }

  clear(): void {
    const keys = Array.from({ length: localStorage.length }, (_, at) => localStorage.key(at)!);
    for (const key of keys) if (key.startsWith(this.#prefix)) localStorage.removeItem(key);
  }
}

import { signal } from '@preact/signals';
import type { Client, Entry, Message } from '@parley/sdk';
import { changed } from './changes';

const quotesMax = 500;

/** The messages that others reply to, where they are not loaded with the rest. */
export class Quotes {
  readonly #client: Client;
  readonly #known = signal<ReadonlyMap<string, Message | undefined>>(new Map());
  readonly #asked = new Set<string>();

  constructor(client: Client) {
    this.#client = client;
  }

  /** The message, or undefined while it is fetched or when it cannot be had. */
  find(conversation: string, seq: number): Message | undefined {
    const id = `${conversation}:${seq}`;
    if (!this.#known.value.has(id) && !this.#asked.has(id)) void this.#fetch(conversation, seq, id);
    return this.#known.value.get(id);
  }

  apply(entry: Entry): void {
    if (!('target' in entry)) return;
    const id = `${entry.conversation}:${entry.target}`;
    const message = this.#known.value.get(id);
    if (message) this.#known.value = new Map(this.#known.value).set(id, changed(message, entry));
  }

  async #fetch(conversation: string, seq: number, id: string): Promise<void> {
    this.#asked.add(id);
    try {
      const { items } = await this.#client.history(conversation, { before: seq + 1, limit: 1 });
      const found = items.find((item) => item.seq === seq && item.type === 'message') as Message | undefined;
      const known = new Map(this.#known.value).set(id, found);
      if (known.size > quotesMax) known.delete(known.keys().next().value!);
      this.#known.value = known;
    } catch {
      this.#asked.delete(id);
    }
  }
}

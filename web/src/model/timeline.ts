import { signal } from '@preact/signals';
import type { Client, Entry, History, Message } from '@parley/sdk';

const page = 50;
const pageMax = 200;

/** The part of a conversation's log that is loaded: without holes, from somewhere to its head. */
export class Timeline {
  readonly conversation: string;
  readonly entries = signal<readonly Entry[]>([]);
  /** Whether the first entry of all is here. */
  readonly complete = signal(false);
  readonly loaded = signal(false);
  readonly failure = signal('');
  readonly loadingOlder = signal(false);
  readonly #client: Client;
  #loading: Promise<void> | undefined;

  constructor(client: Client, conversation: string) {
    this.#client = client;
    this.conversation = conversation;
  }

  get oldest(): number {
    return this.entries.value[0]?.seq ?? 0;
  }

  get newest(): number {
    return this.entries.value.at(-1)?.seq ?? 0;
  }

  /** Loads the newest entries, enough of them to show `unread` ones. */
  load(unread = 0): Promise<void> {
    const limit = Math.min(pageMax, Math.max(page, unread + 20));
    return this.#once(async () => {
      const history = await this.#client.history(this.conversation, { limit });
      this.#start(history);
    });
  }

  /** Loads the page before what is here. */
  older(): Promise<void> {
    if (this.complete.value || !this.loaded.value) return Promise.resolve();
    return this.#once(async () => {
      this.loadingOlder.value = true;
      try {
        const { items, more } = await this.#client.history(this.conversation, { before: this.oldest, limit: page });
        this.#merge(items);
        this.complete.value = !more;
      } finally {
        this.loadingOlder.value = false;
      }
    });
  }

  /** Reads what is missing up to `head`, if anything is. */
  refill(head: number): Promise<void> {
    if (!this.loaded.value) return Promise.resolve();
    const from = this.#firstMissing();
    if (from > head) return Promise.resolve();
    return this.#once(async () => {
      const history = await this.#client.history(this.conversation, { after: from - 1, limit: pageMax });
      // Too much to bridge: start again at the head, and scrolling up loads the rest.
      if (history.more) this.#start(await this.#client.history(this.conversation, { limit: page }));
      else this.#merge(history.items);
    });
  }

  /** Takes in an entry that was pushed, with what it does to an earlier one. */
  apply(entry: Entry): void {
    if (!this.loaded.value && !this.#loading) return;
    this.#merge([entry]);
    if (entry.type === 'edited') {
      const { text, data, ts } = entry;
      this.#change(entry.target, (message) => ({ ...message, text, data, editedAt: ts }));
    } else if (entry.type === 'deleted') {
      this.#change(entry.target, ({ text: _text, data: _data, attachments: _attachments, ...message }) => ({ ...message, deleted: true }));
    } else if (entry.type === 'reaction') {
      this.#change(entry.target, (message) => reacted(message, entry.from, entry.key, entry.on));
    }
  }

  /** Messages after `seq` that count as unread for `user`. */
  unreadAfter(seq: number, user: string): number {
    return this.entries.value.filter(
      (entry) => entry.type === 'message' && entry.seq > seq && entry.from !== user && !entry.silent && !entry.deleted
    ).length;
  }

  #start({ items, more }: History): void {
    const newest = items.at(-1)?.seq ?? 0;
    // What was pushed while the answer was on its way belongs behind it.
    this.entries.value = [...items, ...this.entries.value.filter((entry) => entry.seq > newest)];
    this.complete.value = !more;
    this.loaded.value = true;
  }

  #merge(items: readonly Entry[]): void {
    const bySeq = new Map(this.entries.value.map((entry) => [entry.seq, entry]));
    for (const item of items) bySeq.set(item.seq, item);
    this.entries.value = [...bySeq.values()].sort((a, b) => a.seq - b.seq);
  }

  #change(seq: number, change: (message: Message) => Message): void {
    this.entries.value = this.entries.value.map((entry) => (entry.seq === seq && entry.type === 'message' ? change(entry) : entry));
  }

  #firstMissing(): number {
    let next = this.oldest;
    for (const { seq } of this.entries.value) {
      if (seq !== next) break;
      next++;
    }
    return next;
  }

  // One question at a time, so that two answers cannot leave a hole between them.
  async #once(load: () => Promise<void>): Promise<void> {
    if (this.#loading) return this.#loading;
    this.failure.value = '';
    this.#loading = load()
      .catch((failure: Error) => {
        this.failure.value = failure.message;
      })
      .finally(() => {
        this.#loading = undefined;
      });
    return this.#loading;
  }
}

function reacted(message: Message, user: string, key: string, on: boolean): Message {
  const others = (message.reactions?.[key] ?? []).filter((other) => other !== user);
  const reactions = { ...message.reactions, [key]: on ? [...others, user] : others };
  if (reactions[key]!.length === 0) delete reactions[key];
  return { ...message, reactions };
}

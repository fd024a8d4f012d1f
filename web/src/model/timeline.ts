import { signal } from '@preact/signals';
import type { Client, Entry, History } from '@parley/sdk';
import { changed } from './changes';

const page = 50;
const pageMax = 200;

/** A part of a conversation's log without holes: the end of it, or what lies around an entry that was asked for. */
export class Timeline {
  readonly conversation: string;
  readonly entries = signal<readonly Entry[]>([]);
  /** Whether the first entry of all is here. */
  readonly complete = signal(false);
  /** Whether the last entry is here, so that what is pushed belongs behind it. */
  readonly live = signal(true);
  readonly loaded = signal(false);
  readonly failure = signal('');
  readonly loading = signal<'older' | 'newer' | undefined>(undefined);
  readonly #client: Client;
  #busy: Promise<void> | undefined;
  /** The newest entry that was pushed, taken in or not. */
  #heard = 0;

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

  has(seq: number): boolean {
    return this.loaded.value && seq >= this.oldest && seq <= this.newest;
  }

  find(seq: number): Entry | undefined {
    const at = this.entries.value[seq - this.oldest];
    return at?.seq === seq ? at : this.entries.value.find((entry) => entry.seq === seq);
  }

  /** Loads the newest entries, enough of them to show `unread` ones. */
  load(unread = 0): Promise<void> {
    const limit = Math.min(pageMax, Math.max(page, unread + 20));
    return this.#once(async () => this.#start(await this.#client.history(this.conversation, { limit })));
  }

  /** Shows the part of the log around an entry. */
  async around(seq: number): Promise<void> {
    await this.#busy;
    if (this.has(seq)) return;
    return this.#once(async () => {
      const { items, head } = await this.#client.history(this.conversation, { around: seq, limit: page });
      this.entries.value = items;
      this.complete.value = (items[0]?.seq ?? 1) <= 1;
      this.live.value = (items.at(-1)?.seq ?? 0) >= Math.max(head, this.#heard);
      this.loaded.value = true;
    });
  }

  /** Goes back to the end of the log. */
  async toNewest(): Promise<void> {
    await this.#busy;
    if (!this.live.value) await this.load();
  }

  /** Loads the page before what is here. */
  older(): Promise<void> {
    if (this.complete.value || !this.loaded.value) return Promise.resolve();
    return this.#once(async () => {
      this.loading.value = 'older';
      const { items, more } = await this.#client.history(this.conversation, { before: this.oldest, limit: page });
      this.#merge(items);
      this.complete.value = !more;
    });
  }

  /** Loads the page behind what is here. */
  newer(): Promise<void> {
    if (this.live.value || !this.loaded.value) return Promise.resolve();
    return this.#once(async () => {
      this.loading.value = 'newer';
      const { items, more } = await this.#client.history(this.conversation, { after: this.newest, limit: page });
      this.#merge(items);
      this.live.value = !more && this.newest >= this.#heard;
    });
  }

  /** Reads what is missing up to `head`, if anything is. */
  refill(head: number): Promise<void> {
    if (!this.loaded.value || !this.live.value) return Promise.resolve();
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
    this.#heard = Math.max(this.#heard, entry.seq);
    if (!this.loaded.value && !this.#busy) return;
    if (this.live.value) this.#merge([entry]);
    if (!('target' in entry)) return;
    const { target } = entry;
    this.entries.value = this.entries.value.map((other) => (other.seq === target && other.type === 'message' ? changed(other, entry) : other));
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
    const pushed = this.live.value ? this.entries.value.filter((entry) => entry.seq > newest) : [];
    this.entries.value = [...items, ...pushed];
    this.complete.value = !more;
    this.live.value = this.newest >= this.#heard;
    this.loaded.value = true;
  }

  #merge(items: readonly Entry[]): void {
    const known = this.entries.value;
    if (items.length === 0) return;
    if (items[0]!.seq > this.newest) this.entries.value = [...known, ...items];
    else if (items.at(-1)!.seq < this.oldest) this.entries.value = [...items, ...known];
    else {
      const bySeq = new Map(known.map((entry) => [entry.seq, entry]));
      for (const item of items) bySeq.set(item.seq, item);
      this.entries.value = [...bySeq.values()].sort((a, b) => a.seq - b.seq);
    }
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
    if (this.#busy) return this.#busy;
    this.failure.value = '';
    this.#busy = load()
      .catch((failure: Error) => {
        this.failure.value = failure.message;
      })
      .finally(() => {
        this.loading.value = undefined;
        this.#busy = undefined;
      });
    return this.#busy;
  }
}

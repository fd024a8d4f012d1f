import { computed, signal } from '@preact/signals';
import type { Client, Conversation, Entry } from '@parley/sdk';
import { isMuted } from './notifications';

/** The user's conversations, kept current by what is pushed. */
export class Conversations {
  readonly loaded = signal(false);
  readonly #byId = signal<ReadonlyMap<string, Conversation>>(new Map());
  readonly #next = signal<string | undefined>(undefined);
  readonly #client: Client;
  readonly #me: string;
  readonly #fetching = new Map<string, Promise<void>>();
  #refreshing = false;

  readonly sorted = computed(() => [...this.#byId.value.values()].sort((a, b) => newest(b) - newest(a)));
  /** What calls for attention: the unread messages of conversations that are not muted. */
  readonly unread = computed(() => this.sorted.value.reduce((sum, item) => sum + (isMuted(item) ? 0 : item.unread), 0));
  readonly more = computed(() => this.#next.value !== undefined);

  constructor(client: Client, me: string) {
    this.#client = client;
    this.#me = me;
  }

  find(conversation: string): Conversation | undefined {
    return this.#byId.value.get(conversation);
  }

  direct(peer: string): Conversation | undefined {
    return this.sorted.value.find((known) => known.kind === 'direct' && known.peer === peer);
  }

  /** Asks for the newest conversations again, after a time in which pushes may have been missed. */
  async refresh(): Promise<void> {
    const { items, next } = await this.#client.conversations({ limit: 100 });
    // With everything on one page, what is not on it is gone: the user was removed meanwhile.
    const kept = next === undefined ? new Map<string, Conversation>() : new Map(this.#byId.value);
    for (const item of items) kept.set(item.conversation, this.#newer(item));
    this.#byId.value = kept;
    this.#next.value = next;
    this.loaded.value = true;
  }

  /** Loads the conversations behind the ones that are here. */
  async older(): Promise<void> {
    const after = this.#next.value;
    if (after === undefined || this.#refreshing) return;
    this.#refreshing = true;
    try {
      const { items, next } = await this.#client.conversations({ after, limit: 100 });
      this.#byId.value = new Map([...this.#byId.value, ...items.map((item) => [item.conversation, this.#newer(item)] as const)]);
      this.#next.value = next;
    } finally {
      this.#refreshing = false;
    }
  }

  /** Asks for one conversation again. */
  fetch(conversation: string): Promise<void> {
    let fetching = this.#fetching.get(conversation);
    if (!fetching) {
      fetching = this.#client
        .conversation(conversation)
        .then((item) => this.#put(this.#newer(item)))
        .catch(() => {})
        .finally(() => this.#fetching.delete(conversation));
      this.#fetching.set(conversation, fetching);
    }
    return fetching;
  }

  put(conversation: Conversation): void {
    this.#put(this.#newer(conversation));
  }

  apply(entry: Entry): void {
    // What comes before the list itself is in it.
    if (!this.loaded.value) return;
    const leaves = entry.type === 'member' && (entry.action === 'remove' || entry.action === 'leave');
    if (leaves && entry.users.includes(this.#me)) return this.#drop(entry.conversation);
    const known = this.find(entry.conversation);
    if (!known) return void this.fetch(entry.conversation);
    if (entry.seq <= known.head) return;

    const mine = entry.from === this.#me;
    const counts = entry.type === 'message' && !mine && !entry.silent && entry.seq > known.read;
    this.#put({
      ...known,
      head: entry.seq,
      last: entry,
      unread: mine ? 0 : known.unread + (counts ? 1 : 0),
      read: mine ? entry.seq : known.read,
      ...(entry.type === 'updated' && entry.title !== undefined && { title: entry.title }),
      ...(entry.type === 'updated' && entry.mode !== undefined && { mode: entry.mode }),
    });
    // These change what only the server can count.
    if (entry.type === 'member' || (entry.type === 'deleted' && known.unread > 0)) void this.fetch(entry.conversation);
  }

  /** A large group has grown; its entries are not pushed. */
  hinted(conversation: string, head: number): void {
    const known = this.find(conversation);
    if (this.loaded.value && (!known || known.head < head)) void this.fetch(conversation);
  }

  muted(conversation: string, untilMs: number): void {
    const known = this.find(conversation);
    if (known) this.#put({ ...known, mutedUntil: untilMs });
  }

  /** The user has read up to `seq`; `unread` messages come after it, if that is known here. */
  readUpTo(conversation: string, seq: number, unread: number | undefined): void {
    const known = this.find(conversation);
    if (!known || seq <= known.read) return;
    const left = seq >= known.head ? 0 : unread;
    this.#put({ ...known, read: seq, unread: left ?? known.unread });
    if (left === undefined) void this.fetch(conversation);
  }

  // An answer may be older than what was pushed while it was on its way.
  #newer(item: Conversation): Conversation {
    const known = this.find(item.conversation);
    if (!known) return item;
    if (known.head > item.head) return known;
    const read = Math.max(known.read, item.read);
    return { ...item, read, unread: read >= item.head ? 0 : item.unread };
  }

  #put(conversation: Conversation): void {
    this.#byId.value = new Map(this.#byId.value).set(conversation.conversation, conversation);
  }

  #drop(conversation: string): void {
    const rest = new Map(this.#byId.value);
    rest.delete(conversation);
    this.#byId.value = rest;
  }
}

function newest({ last, createdAt }: Conversation): number {
  return last?.ts ?? createdAt;
}

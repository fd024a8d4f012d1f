import { signal } from '@preact/signals';
import type { Client, Entry, Member, Receipt } from '@parley/sdk';

// Groups above this size get no receipts, so their positions are not worth loading in full.
const membersMax = 1000;

type Place = Pick<Member, 'delivered' | 'read'>;

/** The members of a conversation with how far each has come. */
export class Members {
  readonly conversation: string;
  readonly all = signal<readonly Member[]>([]);
  readonly #client: Client;
  /** How far users are known to have come, also those who are not loaded yet. */
  readonly #places = new Map<string, Place>();

  constructor(client: Client, conversation: string) {
    this.#client = client;
    this.conversation = conversation;
  }

  async load(): Promise<void> {
    const all: Member[] = [];
    let after: string | undefined;
    do {
      const page = await this.#client.members(this.conversation, { limit: 200, ...(after !== undefined && { after }) });
      all.push(...page.items);
      after = page.next;
    } while (after !== undefined && all.length < membersMax);
    // A receipt may have come in meanwhile; positions never go back.
    this.all.value = all.map((member) => ({ ...member, ...this.#further(member.user, member) }));
  }

  apply(entry: Entry): void {
    // Writing moves the author's own positions, and no receipt says so.
    this.#raise(entry.from, { delivered: entry.seq, read: entry.seq });
    if (entry.type === 'member') void this.load().catch(() => {});
  }

  receipt({ user, status, seq }: Receipt): void {
    this.#raise(user, { delivered: seq, read: status === 'read' ? seq : 0 });
  }

  #raise(user: string, to: Place): void {
    const place = this.#further(user, to);
    this.all.value = this.all.value.map((member) => (member.user === user ? { ...member, ...place } : member));
  }

  #further(user: string, { delivered, read }: Place): Place {
    const known = this.#places.get(user) ?? { delivered: 0, read: 0 };
    const place = { delivered: Math.max(known.delivered, delivered), read: Math.max(known.read, read) };
    this.#places.set(user, place);
    return place;
  }
}

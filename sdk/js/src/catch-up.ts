import type { EntryOrder } from './entry-order.js';
import { ParleyError } from './errors.js';
import type { Entry, Gap, History } from './protocol.js';

export interface CatchUpOptions {
  order: EntryOrder;
  history(conversation: string, after: number, limit: number): Promise<History>;
  deliver(entries: Entry[]): void;
  gap(gap: Gap): void;
  /** More missing entries than this are not fetched; the newest page is, behind a `gap`. */
  missingMax?: number;
  page?: number;
}

// History that ends below an entry that was already pushed is asked again this often before it is believed.
const staleReadsMax = 3;

/** Reads from the log what did not come by push, so that a conversation goes on without a hole. */
export class CatchUp {
  readonly #options: CatchUpOptions;
  readonly #missingMax: number;
  readonly #page: number;
  readonly #running = new Map<string, Promise<void>>();

  constructor(options: CatchUpOptions) {
    this.#options = options;
    this.#missingMax = options.missingMax ?? 1000;
    this.#page = options.page ?? 200;
  }

  /** Reads a conversation from its last delivered entry to its head. Called again meanwhile, it is one run. */
  run(conversation: string): Promise<void> {
    let running = this.#running.get(conversation);
    if (!running) {
      running = this.#run(conversation).finally(() => this.#running.delete(conversation));
      this.#running.set(conversation, running);
    }
    return running;
  }

  /** Goes on behind `seq`, and tells the application which entries it did not get. */
  skip(conversation: string, seq: number): void {
    const { order, deliver, gap } = this.#options;
    if (order.position(conversation) === undefined) {
      order.skipTo(conversation, seq);
      return;
    }
    for (let position = order.position(conversation)!; position < seq; position = order.position(conversation)!) {
      const hole = order.hole(conversation);
      const to = hole ? Math.min(seq, hole.before - 1) : seq;
      gap({ type: 'gap', conversation, from: position + 1, to });
      deliver(order.skipTo(conversation, to));
    }
  }

  async #run(conversation: string): Promise<void> {
    const { order } = this.#options;
    try {
      for (let staleReads = 0; staleReads < staleReadsMax; staleReads++) {
        await this.#readToHead(conversation);
        if (!order.hole(conversation)) return;
      }
    } catch (failure) {
      // A closed client reads no further. Any other failure is final, as what could be repeated has been:
      // the entries cannot be had, for example because the user is no member any more.
      if (failure instanceof ParleyError && failure.code === 'disconnected') return;
    }
    const hole = order.hole(conversation);
    if (hole) this.skip(conversation, hole.before - 1);
  }

  async #readToHead(conversation: string): Promise<void> {
    const { order, history, deliver } = this.#options;
    for (let more = true; more; ) {
      const after = order.position(conversation) ?? 0;
      const page = await history(conversation, after, this.#page);
      more = page.more && page.items.length > 0;
      if (page.head - after > this.#missingMax) {
        this.skip(conversation, page.head - this.#page);
        more = true;
        continue;
      }
      for (const entry of page.items) {
        // The history of a group may begin later than the position, for who joined it again.
        this.skip(conversation, entry.seq - 1);
        deliver(order.accept(entry));
      }
    }
  }
}

import type { CatchUp } from './catch-up.js';
import type { EntryOrder } from './entry-order.js';
import { ParleyError } from './errors.js';
import type { Conversation, Entry, Frame, Page } from './protocol.js';

export interface MissedOptions {
  order: EntryOrder;
  catchUp: CatchUp;
  ask<Reply>(frame: Frame): Promise<Reply>;
  failed(error: ParleyError): void;
}

const clockSkewMs = 60_000;
const newestMax = 200;

/** Finds out in which conversations entries were missed, and has them read from the log. */
export class Missed {
  readonly #options: MissedOptions;
  #newestTs = 0;

  constructor(options: MissedOptions) {
    this.#options = options;
  }

  delivered({ ts }: Entry): void {
    this.#newestTs = Math.max(this.#newestTs, ts);
  }

  /** Of a lagging conversation nothing is pushed until its history was read to the head. */
  async endLag(conversation: string): Promise<void> {
    const { order, catchUp, ask, failed } = this.#options;
    try {
      if (order.position(conversation) === undefined) {
        const { head, delivered } = await ask<Conversation>({ type: 'conversation', conversation });
        catchUp.skip(conversation, Math.max(delivered, head - newestMax));
      }
      await catchUp.run(conversation);
    } catch (failure) {
      if (failure instanceof ParleyError) failed(failure);
    }
  }

  /**
   * The replay starts at the device's cursor on the server. Another client with the same device id, such as
   * a second tab, may have moved it past what this one has, so a new session compares heads.
   */
  async read(): Promise<void> {
    const { order, catchUp, ask, failed } = this.#options;
    const since = this.#newestTs - clockSkewMs;
    try {
      for (let after: string | undefined = undefined, more = true; more; ) {
        const page: Page<Conversation> = await ask({ type: 'conversations', limit: 100, after });
        for (const { conversation, head } of page.items) {
          const position = order.position(conversation);
          if (position !== undefined && position < head) void catchUp.run(conversation);
        }
        after = page.next;
        // The list is sorted by the newest entry, so behind an old one there is nothing new.
        const oldest = page.items.at(-1)?.last;
        more = after !== undefined && oldest !== undefined && oldest.ts >= since;
      }
    } catch (failure) {
      if (failure instanceof ParleyError && failure.code !== 'disconnected') failed(failure);
    }
  }
}

import type { Clock } from './clock.js';
import { ParleyError } from './errors.js';
import { MemoryOutbox, type Outbox, type Unsent } from './outbox.js';
import type { Frame } from './protocol.js';

export interface KeptRequestsEvents {
  /** Sends a request, and again until it is answered. */
  transmit(unsent: Unsent, signal: AbortSignal): Promise<Frame>;
  /** A request from an earlier run of the program is sent again; nobody but this listener waits for it. */
  restored(unsent: Unsent): void;
  refused(unsent: Unsent, error: ParleyError): void;
}

interface Run {
  said: string;
  giveUp: AbortController;
  reply: Promise<Frame>;
}

// A browser's storage that does not open in this time is done without.
const loadMs = 3000;

/** The requests that write, from being made to being answered, kept in an outbox meanwhile. */
export class KeptRequests {
  readonly #clock: Clock;
  readonly #events: KeptRequestsEvents;
  readonly #running = new Map<string, Run>();
  #closes = 0;
  #outbox: Outbox;
  #loaded: Promise<void>;

  constructor(outbox: Outbox, clock: Clock, events: KeptRequestsEvents) {
    this.#outbox = outbox;
    this.#clock = clock;
    this.#events = events;
    this.#loaded = this.#load();
  }

  /** Sends a request. One that is on its way already, for example since before a reload, is joined. */
  async write(unsent: Unsent, signal?: AbortSignal): Promise<Frame> {
    // What was made in an earlier run goes first.
    const closes = this.#closes;
    await this.#loaded;
    if (closes !== this.#closes) {
      void this.#outbox.put(unsent).catch(() => {});
      throw new ParleyError({ code: 'disconnected', message: 'the client was closed' });
    }
    const said = JSON.stringify(unsent.frame);
    const known = this.#running.get(unsent.clientId);
    if (known && known.said !== said) return this.#events.transmit(unsent, signal ?? new AbortController().signal);
    const run = known ?? this.#start(unsent, said);
    if (!signal) return run.reply;
    const abort = () => run.giveUp.abort(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    return run.reply.finally(() => signal.removeEventListener('abort', abort));
  }

  /** The client was closed: what is unsent is left to the next one. */
  close(): void {
    this.#closes++;
  }

  /** Looks for what an earlier run left, again after the client was closed. */
  reload(): void {
    this.#loaded = this.#load();
  }

  /** Gives everything up, for who signs out and leaves nothing behind. */
  async clear(): Promise<void> {
    for (const { giveUp } of this.#running.values()) giveUp.abort();
    await this.#outbox.clear().catch(() => {});
  }

  #start(unsent: Unsent, said: string): Run {
    const giveUp = new AbortController();
    void this.#outbox.put(unsent).catch(() => {});
    const reply = this.#events
      .transmit(unsent, giveUp.signal)
      .catch((failure) => {
        // A closed client leaves its requests to the next one.
        if (failure instanceof ParleyError && failure.code === 'disconnected') this.#running.delete(unsent.clientId);
        else this.#done(unsent);
        throw failure;
      })
      .then((answer) => {
        this.#done(unsent);
        return answer;
      });
    const run = { said, giveUp, reply };
    this.#running.set(unsent.clientId, run);
    return run;
  }

  #done({ clientId }: Unsent): void {
    this.#running.delete(clientId);
    void this.#outbox.remove(clientId).catch(() => {});
  }

  async #load(): Promise<void> {
    let kept: Unsent[];
    try {
      kept = await this.#inTime(this.#outbox.all());
    } catch {
      // Private windows may have no storage. Requests then live as long as the page.
      this.#outbox = new MemoryOutbox();
      return;
    }
    for (const unsent of kept) {
      if (this.#running.has(unsent.clientId)) continue;
      const { reply } = this.#start(unsent, JSON.stringify(unsent.frame));
      reply.catch((failure) => {
        const given = failure instanceof ParleyError && failure.code !== 'disconnected';
        if (given) this.#events.refused(unsent, failure);
      });
      this.#events.restored(unsent);
    }
  }

  #inTime<Result>(work: Promise<Result>): Promise<Result> {
    return new Promise((resolve, reject) => {
      const timer = this.#clock.setTimeout(() => reject(new Error('too late')), loadMs);
      work.then(resolve, reject).finally(() => this.#clock.clearTimeout(timer));
    });
  }
}

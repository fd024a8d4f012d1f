import type { Clock } from './clock.js';

export interface HeartbeatOptions {
  intervalMs: number;
  /** A ping unanswered for this long means that the connection is dead. */
  answerMs: number;
  ping(): void;
  dead(): void;
}

/** Pings when the connection has been quiet, and notices when nothing comes back. */
export class Heartbeat {
  readonly #clock: Clock;
  readonly #options: HeartbeatOptions;
  #timer: unknown;
  #sentAt: number;
  #heardAt: number;
  #pingedAt: number | undefined;

  constructor(clock: Clock, options: HeartbeatOptions) {
    this.#clock = clock;
    this.#options = options;
    this.#sentAt = this.#heardAt = clock.now();
    this.#schedule();
  }

  /** A frame was sent. */
  sent(): void {
    this.#sentAt = this.#clock.now();
  }

  /** A frame came. */
  heard(): void {
    this.#heardAt = this.#clock.now();
    this.#pingedAt = undefined;
    // Browsers slow the timers of hidden pages down to one a minute, so an arriving frame looks too.
    if (this.#pingDueAt() <= this.#heardAt) this.#beat();
  }

  /** Pings now, for example because the computer woke up or the network changed. */
  probe(): void {
    if (this.#pingedAt === undefined) this.#ping();
    this.#schedule();
  }

  stop(): void {
    this.#clock.clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #pingDueAt(): number {
    // Being heard matters too: a client that only ever sends would not notice that nobody listens.
    return Math.min(this.#sentAt, this.#heardAt) + this.#options.intervalMs;
  }

  #schedule(): void {
    this.#clock.clearTimeout(this.#timer);
    const due = this.#pingedAt === undefined ? this.#pingDueAt() : this.#pingedAt + this.#options.answerMs;
    this.#timer = this.#clock.setTimeout(() => this.#beat(), Math.max(0, due - this.#clock.now()));
  }

  #beat(): void {
    const now = this.#clock.now();
    if (this.#pingedAt !== undefined && now - this.#pingedAt >= this.#options.answerMs) {
      this.stop();
      this.#options.dead();
      return;
    }
    if (this.#pingedAt === undefined && this.#pingDueAt() <= now) this.#ping();
    this.#schedule();
  }

  #ping(): void {
    this.#pingedAt = this.#clock.now();
    this.#options.ping();
  }
}

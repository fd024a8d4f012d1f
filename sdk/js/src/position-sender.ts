import type { Clock } from './clock.js';
import { ParleyError } from './errors.js';
import { Positions, type PositionFrame } from './positions.js';
import type { Frame } from './protocol.js';

export interface PositionSenderOptions {
  clock: Clock;
  online(): boolean;
  /** Asks once; a position that got lost with the connection is sent again by the next one. */
  ask(frame: Frame): Promise<unknown>;
  refused(error: ParleyError): void;
}

// Positions wait this long for more of them.
const gatherMs = 30;

/** Brings positions to the server: soon, several at once, and again after every `welcome`. */
export class PositionSender {
  readonly #options: PositionSenderOptions;
  readonly #positions = new Positions();
  #sending = false;
  #timer: unknown;

  constructor(options: PositionSenderOptions) {
    this.#options = options;
  }

  received(conversation: string, seq: number): void {
    this.#positions.received(conversation, seq);
    this.#soon();
  }

  read(conversation: string, seq: number, hidden: boolean): void {
    this.#positions.read(conversation, seq, hidden);
    this.#soon();
  }

  /** A crash of the server may have set positions back by a second; the repetition mends that. */
  repeatAll(): void {
    this.#positions.repeatAll();
    void this.#send();
  }

  /** What is due, for a last word before the connection ends. */
  end(): Frame[] {
    this.#options.clock.clearTimeout(this.#timer);
    this.#timer = undefined;
    return this.#positions.take().map((frame) => ({ ...frame }));
  }

  #soon(): void {
    this.#timer ??= this.#options.clock.setTimeout(() => {
      this.#timer = undefined;
      void this.#send();
    }, gatherMs);
  }

  async #send(): Promise<void> {
    if (this.#sending) return;
    this.#sending = true;
    try {
      while (this.#options.online()) {
        const frames = this.#positions.take();
        if (frames.length === 0) return;
        await Promise.all(frames.map((frame) => this.#sendOne(frame)));
      }
    } finally {
      this.#sending = false;
    }
  }

  async #sendOne(frame: PositionFrame): Promise<void> {
    try {
      await this.#options.ask({ ...frame });
    } catch (failure) {
      if (!(failure instanceof ParleyError)) throw failure;
      if (failure.code === 'disconnected') {
        this.#positions.putBack(frame);
      } else if (frame.positions.length > 1) {
        // All or none: one bad position refused the others, so they go one by one.
        for (const position of frame.positions) await this.#sendOne({ ...frame, positions: [position] });
      } else {
        this.#positions.forget(frame);
        this.#options.refused(failure);
      }
    }
  }
}

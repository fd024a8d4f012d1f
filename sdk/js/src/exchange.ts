import type { TokenSource } from './accounts.js';
import type { Clock } from './clock.js';
import type { Connection } from './connection.js';
import { ParleyError, type ErrorFields } from './errors.js';
import type { Frame, Limits, Welcome } from './protocol.js';
import { RequestQueue, type RequestOptions } from './request-queue.js';

export interface ExchangeOptions {
  clock: Clock;
  random: () => number;
  tokens: TokenSource;
  connection(): Connection;
}

// An answer that takes longer than this will not come: the connection is replaced and the request repeated.
const answerMs = 45_000;
const limitsBeforeWelcome: Limits = { frame: 65_536, text: 16_384, inFlight: 32 };

/** Requests and their answers over a connection that comes and goes. */
export class Exchange {
  readonly #options: ExchangeOptions;
  readonly #queue: RequestQueue;
  #limits = limitsBeforeWelcome;
  #renewing = false;
  #timer: unknown;

  constructor(options: ExchangeOptions) {
    this.#options = options;
    this.#queue = new RequestQueue(options.random);
  }

  /** Requests that have no answer yet. */
  get size(): number {
    return this.#queue.size;
  }

  async request<Reply>(frame: Frame, options: RequestOptions = {}, signal?: AbortSignal): Promise<Reply> {
    if (signal?.aborted) throw signal.reason;
    this.mustFit(frame);
    const { ref, reply } = this.#queue.add(frame, options);
    const abort = () => this.#queue.cancel(ref, new ParleyError({ code: 'disconnected', message: 'given up' }));
    signal?.addEventListener('abort', abort, { once: true });
    this.#pump();
    try {
      return (await reply) as unknown as Reply;
    } catch (failure) {
      throw signal?.aborted ? signal.reason : failure;
    } finally {
      signal?.removeEventListener('abort', abort);
    }
  }

  /** The server would end the connection over a longer frame (1009), and the queue would send it again for ever. */
  mustFit(frame: Frame): void {
    const most = this.#limits.frame;
    if (new TextEncoder().encode(JSON.stringify(frame)).length <= most - 100) return;
    throw new ParleyError({ code: 'too_large', message: `a frame holds at most ${most} bytes` });
  }

  welcomed({ limits }: Welcome): void {
    this.#limits = limits;
    this.#queue.reauthenticated();
  }

  /** Sends what waits; after a welcome that is everything unanswered. */
  go(): void {
    this.#pump();
  }

  lost(): void {
    this.#queue.disconnected();
    this.#pump();
  }

  replied(ref: string, frame: Frame): void {
    if (frame.type !== 'error') {
      this.#queue.answered(ref, frame);
    } else {
      const error = new ParleyError(frame as unknown as ErrorFields);
      const outcome = this.#queue.refused(ref, error, this.#options.clock.now());
      if (outcome === 'reauth') void this.renewToken();
    }
    this.#pump();
  }

  async renewToken(): Promise<void> {
    if (this.#renewing) return;
    this.#renewing = true;
    const connection = this.#options.connection();
    try {
      const token = await this.#options.tokens.token(connection.token);
      await this.request({ type: 'auth', token }, { once: true });
      connection.renewed(token);
      this.#queue.reauthenticated();
      this.#pump();
    } catch (failure) {
      // Without the network there is a reconnect, and that fetches a token too.
      const final = failure instanceof ParleyError && failure.retry === 'no' && failure.code !== 'disconnected';
      if (final) connection.stop(failure);
    } finally {
      this.#renewing = false;
    }
  }

  close(error: ParleyError): void {
    this.#options.clock.clearTimeout(this.#timer);
    this.#queue.close(error);
  }

  // Sends what may be sent, and comes back when something that waits may be sent or is given up.
  #pump(): void {
    const { clock } = this.#options;
    const connection = this.#options.connection();
    const now = clock.now();
    this.#queue.expire(now);
    if (connection.online) {
      const oldest = this.#queue.oldestSentAt;
      if (oldest !== undefined && now - oldest >= answerMs) {
        connection.abandon();
        return;
      }
      for (const frame of this.#queue.ready(now, this.#limits.inFlight)) connection.send(frame);
    }
    clock.clearTimeout(this.#timer);
    const oldest = this.#queue.oldestSentAt;
    const due = Math.min(this.#queue.due(now) ?? Infinity, oldest === undefined ? Infinity : oldest + answerMs);
    if (due !== Infinity) this.#timer = clock.setTimeout(() => this.#pump(), Math.max(0, due - now));
  }
}

import { ParleyError } from './errors.js';
import type { Frame } from './protocol.js';

export interface RequestOptions {
  /**
   * Requests of one lane are sent one at a time, each after the answer to the one before, so that a
   * refused one is repeated in its place. Requests without a lane do not wait for each other.
   */
  lane?: string;
  /** Given up with `timeout` when it is unanswered at this time. */
  deadline?: number;
  /** Given up with `disconnected` when the connection is lost, because it may not be repeated. */
  once?: boolean;
}

interface Pending extends RequestOptions {
  ref: string;
  frame: Frame;
  sent: boolean;
  sentAt: number;
  notBefore: number;
  refusals: number;
  reauths: number;
  resolve(reply: Frame): void;
  reject(error: ParleyError): void;
}

/** What became of an error: the request is repeated, waits for a new token, was rejected, or is not known. */
export type Refusal = 'repeats' | 'reauth' | 'rejected' | 'unknown';

const sameFirstMs = 200;
const sameMaxMs = 10_000;
const laterDefaultMs = 1000;
const internalMax = 8;
const reauthMax = 2;

/**
 * The requests that have no answer yet, in the order they were made. They outlive the connection: after a
 * reconnect the unanswered ones are sent again, with the same `ref` and the same `clientId`, which is what
 * lets the server store a repeated one once.
 *
 * There is no socket and no timer in here. The owner sends what `ready` returns, reports what comes back,
 * and asks `due` when to look again.
 */
export class RequestQueue {
  readonly #pending = new Map<string, Pending>();
  readonly #random: () => number;
  /** The 1:1 conversation of a user, once an ack has told it, so that `to` and `conversation` share a lane. */
  readonly #direct = new Map<string, string>();
  #refs = 0;

  constructor(random: () => number = Math.random) {
    this.#random = random;
  }

  /** Puts a request at the end of the queue. The promise ends with the reply or the final error. */
  add(frame: Frame, options: RequestOptions = {}): { ref: string; reply: Promise<Frame> } {
    const ref = String(++this.#refs);
    const reply = new Promise<Frame>((resolve, reject) => {
      this.#pending.set(ref, {
        ...options,
        ref,
        frame: { ...frame, ref },
        sent: false,
        sentAt: 0,
        notBefore: 0,
        refusals: 0,
        reauths: 0,
        resolve,
        reject,
      });
    });
    return { ref, reply };
  }

  /** Takes the requests that may be sent now, while at most `window` are unanswered. */
  ready(now: number, window: number): Frame[] {
    const frames: Frame[] = [];
    const busy = new Set<string>();
    let unanswered = this.unanswered;
    for (const request of this.#pending.values()) {
      if (unanswered >= window) break;
      const lane = this.#laneOf(request);
      const turn = lane === undefined || !busy.has(lane);
      if (lane !== undefined) busy.add(lane);
      if (request.sent || !turn || request.notBefore > now) continue;
      request.sent = true;
      request.sentAt = now;
      unanswered++;
      frames.push(request.frame);
    }
    return frames;
  }

  /** A reply came. Returns false when no request waits for it, for example because it was repeated. */
  answered(ref: string, reply: Frame): boolean {
    const request = this.#take(ref);
    if (!request) return false;
    if (typeof request.frame.to === 'string' && typeof reply.conversation === 'string') {
      this.#direct.set(request.frame.to, reply.conversation);
    }
    request.resolve(reply);
    return true;
  }

  /** An error came for a request: repeats it if the error says so, else rejects it. */
  refused(ref: string, error: ParleyError, now: number): Refusal {
    const request = this.#pending.get(ref);
    if (!request) return 'unknown';
    const times = error.retry === 'reauth' ? ++request.reauths : ++request.refusals;
    if (!mayRepeat(error, times)) {
      this.#take(ref)!.reject(error);
      return 'rejected';
    }
    request.sent = false;
    request.notBefore = error.retry === 'reauth' ? Infinity : now + this.#delay(error, request.refusals);
    return error.retry === 'reauth' ? 'reauth' : 'repeats';
  }

  /** A new token is in force: what waited for it may go. */
  reauthenticated(): void {
    for (const request of this.#pending.values()) {
      if (request.notBefore === Infinity) request.notBefore = 0;
    }
  }

  /** The connection is gone. What was sent and not answered is to be sent again. */
  disconnected(): void {
    for (const request of [...this.#pending.values()]) {
      if (request.sent && request.once) {
        this.#take(request.ref)!.reject(
          new ParleyError({ code: 'disconnected', message: 'the connection was lost before the answer came' })
        );
      }
      request.sent = false;
      if (request.notBefore === Infinity) request.notBefore = 0;
    }
  }

  /** Rejects what is past its deadline. */
  expire(now: number): void {
    for (const request of [...this.#pending.values()]) {
      if (request.deadline === undefined || request.deadline > now) continue;
      this.#take(request.ref)!.reject(new ParleyError({ code: 'timeout', message: 'no answer in time', retry: 'same' }));
    }
  }

  /** Ends one request from this side; whether the server carried it out stays unknown. */
  cancel(ref: string, error: ParleyError): void {
    this.#take(ref)?.reject(error);
  }

  /** Ends all requests, when the client is closed. */
  close(error: ParleyError): void {
    for (const ref of [...this.#pending.keys()]) this.cancel(ref, error);
  }

  /** When `ready` or `expire` next have something to do without anything else happening. */
  due(now: number): number | undefined {
    let next = Infinity;
    for (const request of this.#pending.values()) {
      if (!request.sent && request.notBefore > now) next = Math.min(next, request.notBefore);
      if (request.deadline !== undefined) next = Math.min(next, request.deadline);
    }
    return next === Infinity ? undefined : next;
  }

  /** When the oldest request on the wire was sent, or undefined when none is. */
  get oldestSentAt(): number | undefined {
    let oldest: number | undefined;
    for (const request of this.#pending.values()) {
      if (request.sent && (oldest === undefined || request.sentAt < oldest)) oldest = request.sentAt;
    }
    return oldest;
  }

  /** Requests on the wire. */
  get unanswered(): number {
    let count = 0;
    for (const request of this.#pending.values()) if (request.sent) count++;
    return count;
  }

  get size(): number {
    return this.#pending.size;
  }

  #take(ref: string): Pending | undefined {
    const request = this.#pending.get(ref);
    this.#pending.delete(ref);
    return request;
  }

  #laneOf(request: Pending): string | undefined {
    if (request.lane === undefined) return undefined;
    const { to } = request.frame;
    return typeof to === 'string' ? (this.#direct.get(to) ?? request.lane) : request.lane;
  }

  #delay(error: ParleyError, refusals: number): number {
    if (error.retry === 'later') {
      // A tenth on top, so that clients that were refused together do not come back together.
      const asked = error.retryAfterMs ?? laterDefaultMs;
      return asked + Math.floor(this.#random() * (asked / 10));
    }
    return Math.floor(this.#random() * Math.min(sameMaxMs, sameFirstMs * 2 ** Math.min(refusals, 10)));
  }
}

function mayRepeat(error: ParleyError, times: number): boolean {
  if (error.retry === 'no') return false;
  if (error.retry === 'reauth') return times <= reauthMax;
  // A defect that one request triggers every time would block its lane for ever.
  return error.code !== 'internal' || times < internalMax;
}

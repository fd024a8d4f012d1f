import type { Clock } from './clock.js';
import { httpBase, type Fetch } from './http.js';
import type { Frame } from './protocol.js';
import type { ResumePoint, Transport, TransportEvents } from './transport.js';

export interface PollOptions {
  url: string;
  token: string;
  device: string | undefined;
  replay: boolean;
  resume: ResumePoint | undefined;
  fetch: Fetch | undefined;
  clock: Clock;
}

interface PollAnswer {
  session?: string;
  resumeKey?: string;
  frames?: unknown[];
  close?: { code: number; reason?: string };
}

const waitMs = 25_000;
// An answer that is this much later than asked for will not come.
const slackMs = 15_000;
// Frames said within this time share a request.
const gatherMs = 10;

/**
 * Long polling as transport: one request always waits at the server for something to come. What the client
 * says goes out with a new request at once, which makes the server end the one that waits.
 */
export class Poll implements Transport {
  readonly kind = 'poll';
  readonly #options: PollOptions;
  readonly #events: TransportEvents;
  readonly #abort = new AbortController();
  #token: string;
  #place: Partial<Pick<ResumePoint, 'session' | 'key' | 's'>>;
  #welcomed = false;
  #said: Frame[] = [];
  #gathering: unknown;
  #newest = 0;
  #ended = false;

  constructor(options: PollOptions, events: TransportEvents) {
    this.#options = options;
    this.#events = events;
    this.#token = options.token;
    const { session, key, s } = options.resume ?? {};
    if (session !== undefined) this.#place = { session, key: key!, s: s! };
    else this.#place = {};
    void this.#ask();
  }

  send(frame: Frame): void {
    this.#said.push(frame);
    this.#gathering ??= this.#options.clock.setTimeout(() => void this.#ask(), gatherMs);
  }

  renewed(token: string): void {
    this.#token = token;
  }

  drop(): void {
    this.#ended = true;
    this.#options.clock.clearTimeout(this.#gathering);
    this.#abort.abort();
  }

  async #ask(): Promise<void> {
    const { clock } = this.#options;
    clock.clearTimeout(this.#gathering);
    this.#gathering = undefined;
    const number = ++this.#newest;
    const frames = this.#said.splice(0);
    const tooLate = clock.setTimeout(() => this.#close(4010, 'no answer to a poll'), waitMs + slackMs);
    try {
      const response = await this.#post(frames);
      const answer = (await response.json().catch(() => undefined)) as PollAnswer | undefined;
      if (this.#ended) return;
      if (!response.ok || !answer) return this.#close(response.status === 401 ? 4501 : 1006, `HTTP ${response.status}`);
      this.#take(answer);
      if (answer.close) return this.#close(answer.close.code, answer.close.reason ?? '');
      // A poll that a newer one ended leaves the waiting to that one.
      if (!this.#ended && number === this.#newest) void this.#ask();
    } catch (failure) {
      this.#close(1006, String(failure));
    } finally {
      clock.clearTimeout(tooLate);
    }
  }

  #post(frames: Frame[]): Promise<Response> {
    const { url, device, replay, fetch } = this.#options;
    const { session, key, s } = this.#place;
    return (fetch ?? globalThis.fetch)(`${httpBase(url)}/v1/poll`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${this.#token}` },
      body: JSON.stringify({
        ...(session !== undefined && { session, resumeKey: key, s }),
        ...(device !== undefined && { device }),
        ...(!replay && { replay: 'none' }),
        frames,
        // Whoever comes back wants to know at once whether the session is still there.
        waitMs: this.#welcomed ? waitMs : 0,
      }),
      signal: this.#abort.signal,
    });
  }

  #take({ session, resumeKey, frames = [] }: PollAnswer): void {
    if (session !== undefined && session !== this.#place.session) this.#place = { session, s: 0 };
    if (resumeKey !== undefined) this.#place.key = resumeKey;
    if (!this.#welcomed) this.#welcome(frames[0]);
    for (const frame of frames) {
      const { s } = (frame ?? {}) as { s?: unknown };
      if (typeof s === 'number') this.#place.s = Math.max(this.#place.s ?? 0, s);
      this.#events.frame(frame);
      if (this.#ended) return;
    }
  }

  // For the server a session that was polled before just goes on, without another `welcome`.
  #welcome(first: unknown): void {
    this.#welcomed = true;
    if ((first as Frame | undefined)?.type === 'welcome') return;
    const { resume } = this.#options;
    if (resume && this.#place.session === resume.session) this.#events.frame({ ...resume.welcome, resumed: true });
    else this.#close(1006, 'no welcome');
  }

  #close(code: number, reason: string): void {
    if (this.#ended) return;
    this.drop();
    this.#events.closed(code, reason);
  }
}

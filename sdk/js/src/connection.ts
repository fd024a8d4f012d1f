import type { TokenSource } from './accounts.js';
import type { Backoff } from './backoff.js';
import type { Clock } from './clock.js';
import { closeReason, closeVerdict } from './close-code.js';
import type { Dialer } from './dialer.js';
import { ParleyError } from './errors.js';
import { Heartbeat } from './heartbeat.js';
import type { Bye, Frame, Welcome } from './protocol.js';
import { SessionPlace } from './session-place.js';
import type { Transport } from './transport.js';

/**
 * - `idle`: not started, or closed by the application
 * - `connecting`: an attempt is under way
 * - `online`: welcomed by the server
 * - `waiting`: the connection is lost; the next attempt is at `retryAt`
 * - `stopped`: the server said to stay away, and `error` says why
 */
export type ConnectionState =
  | { state: 'idle' | 'connecting' | 'online' }
  | { state: 'waiting'; retryAt: number }
  | { state: 'stopped'; error: ParleyError };

export interface ConnectionOptions {
  dialer: Dialer;
  tokens: TokenSource;
  clock: Clock;
  backoff: Backoff;
  /** An attempt that has led to no `welcome` after this time is given up. */
  connectMs: number;
  pongMs: number;
}

export interface ConnectionEvents {
  state(state: ConnectionState): void;
  welcome(welcome: Welcome): void;
  /** Every other frame, without those that a resumed session repeated. */
  frame(frame: Frame): void;
  /** The connection that was welcomed is gone; what was sent on it may or may not have arrived. */
  lost(): void;
  /** What the server sent could not be understood. */
  garbled(error: ParleyError): void;
}

// How often a polling client looks whether a WebSocket gets through by now: soon, then ever more rarely.
const improveFirstMs = 30_000;
const improveMaxMs = 600_000;

/**
 * A connection that comes back: it authenticates, keeps alive, reconnects as the close codes ask, and
 * resumes the session where the server still has it.
 */
export class Connection {
  readonly #options: ConnectionOptions;
  readonly #events: ConnectionEvents;
  #state: ConnectionState = { state: 'idle' };
  #transport: Transport | undefined;
  #heartbeat: Heartbeat | undefined;
  /** Tells an attempt that ended while it waited for a token that it is over. */
  #attempt = 0;
  #timer: unknown;
  #improveTimer: unknown;
  #improveMs = improveFirstMs;
  readonly #place = new SessionPlace();
  #token: string | undefined;
  #refused: string | undefined;
  #byeUntil = 0;

  constructor(options: ConnectionOptions, events: ConnectionEvents) {
    this.#options = options;
    this.#events = events;
  }

  get state(): ConnectionState {
    return this.#state;
  }

  get online(): boolean {
    return this.#state.state === 'online';
  }

  get transport(): Transport['kind'] | undefined {
    return this.#transport?.kind;
  }

  /** The token that this connection was authenticated with. */
  get token(): string | undefined {
    return this.#token;
  }

  /** Starts, unless it has started already. */
  open(): void {
    if (this.#state.state !== 'idle' && this.#state.state !== 'stopped') return;
    this.#options.backoff.reset();
    this.#refused = undefined;
    void this.#connect();
  }

  /** Ends the connection and the session. */
  close(): void {
    this.#end();
    this.#transport?.drop(1000, 'closed by the client');
    this.#transport = undefined;
    this.#place.forget();
    this.#become({ state: 'idle' });
  }

  /** Stops for a reason that another attempt would not change. */
  stop(error: ParleyError): void {
    const wasOnline = this.online;
    this.#end();
    this.#transport?.drop();
    this.#transport = undefined;
    this.#become({ state: 'stopped', error });
    if (wasOnline) this.#events.lost();
  }

  send(frame: Frame): void {
    this.#heartbeat?.sent();
    this.#transport?.send(frame);
  }

  /** A good moment to try: connects now instead of later, or checks that the connection still works. */
  wake(): void {
    if (this.#state.state === 'waiting') {
      this.#options.backoff.reset();
      // A draining node asked for this delay; being awake does not change that.
      if (this.#byeUntil <= this.#options.clock.now()) void this.#connect();
    }
    this.#heartbeat?.probe();
  }

  /** The connection is known to be dead, whatever the socket thinks. */
  abandon(): void {
    if (this.#state.state !== 'online' && this.#state.state !== 'connecting') return;
    this.#transport?.drop(4010, 'no sign of life');
    this.#lost(1006, '');
  }

  /** Takes a renewed token for the time after the next reconnect. */
  renewed(token: string): void {
    this.#token = token;
    this.#transport?.renewed(token);
  }

  async #connect(): Promise<void> {
    const attempt = ++this.#attempt;
    const { clock } = this.#options;
    this.#become({ state: 'connecting' });
    this.#schedule(this.#options.connectMs, () => this.abandon());
    try {
      const WebSocket = await this.#options.dialer.webSocket();
      const token = await this.#options.tokens.token(this.#refused);
      if (attempt !== this.#attempt) return;
      if (token === this.#refused) {
        this.stop(new ParleyError({ code: 'unauthenticated', message: closeReason(4501, ''), closeCode: 4501 }));
        return;
      }
      this.#token = token;
      const resume = this.#place.resumable(clock.now());
      this.#transport = this.#options.dialer.dial(WebSocket, token, resume, {
        // The token goes into the first frame rather than into the address, which proxies write to their logs.
        opened: () => this.send({ type: 'auth', token }),
        frame: (frame) => this.#frame(frame),
        garbled: () => this.#events.garbled(new ParleyError({ code: 'bad_frame', message: 'the server sent what is not JSON' })),
        closed: (code, reason) => this.#lost(code, reason),
      });
    } catch (failure) {
      if (attempt !== this.#attempt) return;
      // A token source that cannot reach its server may do so later; one that says no will go on saying no.
      if (failure instanceof ParleyError && (failure.retry === 'no' || failure.retry === 'reauth')) this.stop(failure);
      else this.#lost(1006, String(failure));
    }
  }

  #frame(received: unknown): void {
    const frame = received as Frame;
    if (typeof frame?.type !== 'string') return;
    this.#heartbeat?.heard();
    if (!this.#place.isNew(frame)) return;
    if (frame.type === 'welcome') this.#welcomed(frame as unknown as Welcome);
    else if (frame.type !== 'pong') {
      if (frame.type === 'bye') this.#leaveAfter((frame as unknown as Bye).afterMs);
      this.#events.frame(frame);
    }
  }

  #welcomed(welcome: Welcome): void {
    const { clock, backoff, dialer } = this.#options;
    clock.clearTimeout(this.#timer);
    backoff.online(clock.now());
    this.#refused = undefined;
    this.#byeUntil = 0;
    this.#place.welcomed(welcome);
    this.#heartbeat?.stop();
    const { kind } = this.#transport!;
    dialer.choice.worked(kind);
    // A poll that stays without an answer ends by itself, so only a socket has to ask for signs of life.
    if (kind === 'websocket') this.#startHeartbeat(welcome.heartbeatMs);
    else if (dialer.choice.mayImprove) this.#improveLater();
    this.#become({ state: 'online' });
    this.#events.welcome(welcome);
  }

  #startHeartbeat(intervalMs: number): void {
    this.#heartbeat = new Heartbeat(this.#options.clock, {
      intervalMs,
      answerMs: this.#options.pongMs,
      ping: () => this.send({ type: 'ping' }),
      dead: () => this.abandon(),
    });
  }

  // Polling works but costs more, and what made it necessary may have been a server that was just starting.
  #improveLater(): void {
    const { clock, dialer } = this.#options;
    clock.clearTimeout(this.#improveTimer);
    this.#improveTimer = clock.setTimeout(async () => {
      this.#improveMs = Math.min(improveMaxMs, this.#improveMs * 2);
      const polling = this.#transport;
      const opens = await dialer.socketOpens();
      if (this.#transport !== polling || !this.online) return;
      if (!opens) return this.#improveLater();
      this.#improveMs = improveFirstMs;
      dialer.choice.worked('websocket');
      polling!.drop();
      this.#lost(1001, 'moving to a WebSocket');
      this.wake();
    }, this.#improveMs);
  }

  // The node drains. It closes the connection itself, soon; who is still here at the time it named leaves.
  #leaveAfter(afterMs: number): void {
    this.#byeUntil = this.#options.clock.now() + afterMs;
    this.#schedule(afterMs, () => {
      this.#transport?.drop(1000, 'moving on');
      this.#lost(4001, 'drain');
    });
  }

  #lost(code: number, reason: string): void {
    const { clock, backoff, dialer } = this.#options;
    const now = clock.now();
    const wasOnline = this.online;
    this.#end();
    // Codes above 4000 are the server's own, so what it came by works.
    if (!wasOnline && code < 4000 && this.#transport) dialer.choice.failed(this.#transport.kind);
    this.#transport = undefined;
    if (wasOnline) this.#place.lost(now);

    const verdict = closeVerdict(code);
    const error = () =>
      new ParleyError({
        code: code === 4501 ? 'unauthenticated' : 'disconnected',
        message: closeReason(code, reason),
        closeCode: code,
      });
    // A fresh token that is refused as well will not get better by fetching a third.
    const hopeless = verdict === 'reauthenticate' && this.#refused !== undefined;
    if (verdict === 'stop' || hopeless) {
      this.#become({ state: 'stopped', error: error() });
    } else {
      if (verdict === 'reauthenticate') this.#refused = this.#token;
      const delay = verdict === 'reauthenticate' ? 0 : backoff.failed(now);
      const retryAt = this.#byeUntil > now ? this.#byeUntil : now + delay;
      this.#schedule(retryAt - now, () => void this.#connect());
      this.#become({ state: 'waiting', retryAt });
    }
    if (wasOnline) this.#events.lost();
  }

  #end(): void {
    this.#attempt++;
    this.#heartbeat?.stop();
    this.#heartbeat = undefined;
    this.#options.clock.clearTimeout(this.#timer);
    this.#options.clock.clearTimeout(this.#improveTimer);
  }

  #schedule(ms: number, run: () => void): void {
    this.#options.clock.clearTimeout(this.#timer);
    this.#timer = this.#options.clock.setTimeout(run, ms);
  }

  #become(state: ConnectionState): void {
    if (state.state === this.#state.state && state.state !== 'waiting') return;
    this.#state = state;
    this.#events.state(state);
  }
}

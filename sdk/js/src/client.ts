import { tokenSource, type TokenSource } from './accounts.js';
import { Backoff, type BackoffOptions } from './backoff.js';
import { CatchUp } from './catch-up.js';
import { systemClock, type Clock } from './clock.js';
import { Connection, type ConnectionState } from './connection.js';
import { EntryOrder } from './entry-order.js';
import { ParleyError, type ErrorFields } from './errors.js';
import { watchNetwork } from './network-hints.js';
import { Positions, type PositionFrame } from './positions.js';
import { isEntry, type Entry, type Frame, type Gap, type Lag, type Limits, type Welcome } from './protocol.js';
import { RequestQueue, type RequestOptions } from './request-queue.js';
import { Requests, type ClientEvents, type WriteOptions } from './requests.js';
import { uuidv7 } from './uuid.js';

export interface ClientOptions {
  /** Where the server is, for example `https://chat.example`. */
  url: string;
  /** A token, a function that fetches one, or `Credentials`. */
  token: string | (() => string | Promise<string>) | TokenSource;
  /** Names this device, `[A-Za-z0-9._-]{1,64}`; keep it over restarts. */
  device?: string;
  /** For runtimes that have no WebSocket of their own, the one of the package `ws`. */
  WebSocket?: unknown;
  /** Whether the server replays what this device has not acknowledged. Default true. */
  replay?: boolean;
  /** Whether `received` is sent by itself once the listeners of an entry have returned. Default true. */
  autoReceived?: boolean;
  backoff?: Partial<BackoffOptions>;
  /** How long `history` and the like wait for an answer, reconnects included. Default 30 s. */
  requestMs?: number;
  clock?: Clock;
  random?: () => number;
}

const connectMs = 15_000;
const pongMs = 10_000;
// An answer that takes longer than this will not come: the connection is replaced and the request repeated.
const answerMs = 45_000;
// Positions wait this long for more of them.
const positionsMs = 30;
const clockSkewMs = 60_000;
const limitsBeforeWelcome: Limits = { frame: 65_536, text: 16_384, inFlight: 32 };

/** A user's connection to Parley. It outlives the sockets below it: what is sent is kept until acknowledged. */
export class Client extends Requests {
  readonly #clock: Clock;
  readonly #options: ClientOptions;
  readonly #tokens: TokenSource;
  readonly #connection: Connection;
  readonly #queue: RequestQueue;
  readonly #order = new EntryOrder();
  readonly #positions = new Positions();
  readonly #catchUp: CatchUp;
  readonly #watched = new Set<string>();
  #status: 'online' | 'away' | 'invisible' | undefined;
  #focus: string[] = [];
  #welcome: Welcome | undefined;
  #newestTs = 0;
  #mayHaveMissed = false;
  #renewing = false;
  #sendingPositions = false;
  #queueTimer: unknown;
  #positionsTimer: unknown;
  #unwatch: (() => void) | undefined;

  constructor(options: ClientOptions) {
    super();
    const random = options.random ?? Math.random;
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#tokens = tokenSource(options.token);
    this.#queue = new RequestQueue(random);
    this.#catchUp = new CatchUp({
      order: this.#order,
      history: (conversation, after, limit) => this.#request({ type: 'history', conversation, after, limit }, {}),
      deliver: (entries) => this.#deliver(entries),
      gap: (gap) => this.emit('gap', gap),
    });
    this.#connection = new Connection(
      {
        url: options.url,
        tokens: this.#tokens,
        device: options.device,
        replay: options.replay ?? true,
        WebSocket: options.WebSocket,
        clock: this.#clock,
        backoff: new Backoff(options.backoff, random),
        connectMs,
        pongMs,
      },
      {
        state: (state) => this.emit('state', state),
        welcome: (welcome) => this.#welcomed(welcome),
        frame: (frame) => this.#received(frame),
        lost: () => this.#lost(),
        garbled: (error) => this.emit('error', error),
      }
    );
  }

  /** The signed-in user, once welcomed. */
  get user(): string | undefined {
    return this.#welcome?.user;
  }

  get state(): ConnectionState {
    return this.#connection.state;
  }

  /** Requests that have no answer yet. */
  get pending(): number {
    return this.#queue.size;
  }

  /** Connects, and stays connected until `close`. The promise ends with the first `welcome`. */
  connect(): Promise<Welcome> {
    if (this.#connection.online) return Promise.resolve(this.#welcome!);
    const welcome = new Promise<Welcome>((resolve, reject) => {
      const off = [
        this.on('welcome', (frame) => {
          off.forEach((remove) => remove());
          resolve(frame);
        }),
        this.on('state', (state) => {
          if (state.state !== 'stopped' && state.state !== 'idle') return;
          off.forEach((remove) => remove());
          reject(state.state === 'stopped' ? state.error : closedError());
        }),
      ];
    });
    // Who does not look at the promise learns the same from the event `state`.
    welcome.catch(() => {});
    this.#unwatch ??= watchNetwork({ better: () => this.wake(), gone: () => this.#connection.abandon() });
    this.#connection.open();
    return welcome;
  }

  /** Disconnects and rejects the requests that are still unanswered. */
  close(): void {
    this.#unwatch?.();
    this.#unwatch = undefined;
    this.#clock.clearTimeout(this.#queueTimer);
    this.#clock.clearTimeout(this.#positionsTimer);
    this.#positionsTimer = undefined;
    // Nobody waits for the answer: what gets lost here is repeated by the next client of this device.
    if (this.#connection.online) this.#positions.take().forEach((frame) => this.#connection.send({ ...frame }));
    this.#connection.close();
    this.#queue.close(closedError());
  }

  /** Tries to connect now if the client is waiting to, else checks that the connection is alive. */
  wake(): void {
    this.#connection.wake();
  }

  /** This device has everything up to `seq`. Sent by itself unless `autoReceived` is off. */
  received(conversation: string, seq: number): void {
    this.#positions.received(conversation, seq);
    this.#positionsSoon();
  }

  /** The user has read up to `seq`. A `private` read clears the own badge and is not shown to others. */
  read(conversation: string, seq: number, { private: hidden = false } = {}): void {
    this.#positions.read(conversation, seq, hidden);
    this.#positionsSoon();
  }

  /** Says that the user is typing. Lost without harm when offline. */
  typing(conversation: string, on = true): void {
    this.#ephemeral({ type: 'typing', conversation, on });
  }

  /** Subscribes to the presence of users, or sets the own one. Kept over reconnects. */
  presence(change: { subscribe?: string[]; unsubscribe?: string[]; status?: 'online' | 'away' | 'invisible' }): void {
    change.subscribe?.forEach((user) => this.#watched.add(user));
    change.unsubscribe?.forEach((user) => this.#watched.delete(user));
    if (change.status) this.#status = change.status;
    this.#ephemeral({ type: 'presence', ...change });
  }

  /** The conversations in `pull` mode whose entries are wanted as pushes, at most 8. Kept over reconnects. */
  focus(conversations: string[]): void {
    this.#focus = [...conversations];
    this.#ephemeral({ type: 'focus', conversations });
  }

  protected ask<Reply>(frame: Frame, signal?: AbortSignal): Promise<Reply> {
    const deadline = this.#clock.now() + (this.#options.requestMs ?? 30_000);
    return this.#request(frame, { deadline }, signal);
  }

  protected write<Reply>(frame: Frame, lane: string | undefined, options: WriteOptions = {}): Promise<Reply> {
    const clientId = options.clientId ?? uuidv7(this.#clock.now());
    return this.#request({ ...frame, clientId }, lane === undefined ? {} : { lane }, options.signal);
  }

  protected askOnce<Reply>(frame: Frame): Promise<Reply> {
    const deadline = this.#clock.now() + (this.#options.requestMs ?? 30_000);
    return this.#request(frame, { once: true, deadline });
  }

  async #request<Reply>(frame: Frame, options: RequestOptions, signal?: AbortSignal): Promise<Reply> {
    if (signal?.aborted) throw signal.reason;
    const { frame: most } = this.#welcome?.limits ?? limitsBeforeWelcome;
    // The server would end the connection over it (1009), and the queue would send it again for ever.
    if (new TextEncoder().encode(JSON.stringify(frame)).length > most - 100) {
      throw new ParleyError({ code: 'too_large', message: `a frame holds at most ${most} bytes` });
    }
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

  // Sends what may be sent, and comes back when something that waits may be sent or is given up.
  #pump(): void {
    const now = this.#clock.now();
    this.#queue.expire(now);
    if (this.#connection.online) {
      const oldest = this.#queue.oldestSentAt;
      if (oldest !== undefined && now - oldest >= answerMs) {
        this.#connection.abandon();
        return;
      }
      const { inFlight } = this.#welcome!.limits;
      for (const frame of this.#queue.ready(now, inFlight)) this.#connection.send(frame);
    }
    this.#clock.clearTimeout(this.#queueTimer);
    const oldest = this.#queue.oldestSentAt;
    const due = Math.min(this.#queue.due(now) ?? Infinity, oldest === undefined ? Infinity : oldest + answerMs);
    if (due !== Infinity) this.#queueTimer = this.#clock.setTimeout(() => this.#pump(), Math.max(0, due - now));
  }

  #welcomed(welcome: Welcome): void {
    const first = this.#welcome === undefined;
    this.#welcome = welcome;
    this.#mayHaveMissed = !first && !welcome.resumed;
    this.#queue.reauthenticated();
    this.emit('welcome', welcome);
    // A crash of the server may have set positions back by a second; the repetition mends that.
    this.#positions.repeatAll();
    void this.#sendPositions();
    if (!welcome.resumed) this.#restoreSubscriptions();
    this.#pump();
  }

  #lost(): void {
    this.#queue.disconnected();
    this.#pump();
  }

  #received(frame: Frame): void {
    if (typeof frame.ref === 'string') this.#replied(frame.ref, frame);
    else if (isEntry(frame)) this.#entry(frame);
    else this.#notice(frame);
  }

  #replied(ref: string, frame: Frame): void {
    if (frame.type !== 'error') {
      this.#queue.answered(ref, frame);
    } else {
      const error = new ParleyError(frame as unknown as ErrorFields);
      const outcome = this.#queue.refused(ref, error, this.#clock.now());
      if (outcome === 'reauth') void this.#renewToken();
    }
    this.#pump();
  }

  #notice(frame: Frame): void {
    switch (frame.type) {
      case 'error': {
        const error = new ParleyError(frame as unknown as ErrorFields);
        if (error.code === 'token_expired') void this.#renewToken();
        this.emit('error', error);
        return;
      }
      case 'gap': {
        const { conversation, to } = frame as unknown as Gap;
        // What this client has got already is no gap for it; `skip` tells the rest.
        if (this.#order.position(conversation) === undefined) this.emit('gap', frame as unknown as Gap);
        this.#catchUp.skip(conversation, to);
        return;
      }
      case 'lag':
        this.emit('lag', frame as unknown as Lag);
        for (const conversation of (frame as unknown as Lag).conversations) void this.#endLag(conversation);
        return;
      case 'synced':
        this.emit('synced', frame as unknown as ClientEvents['synced']);
        if (this.#mayHaveMissed) void this.#readMissed();
        return;
      case 'receipt':
      case 'hint':
      case 'muted':
      case 'typing':
      case 'presence':
      case 'event':
      case 'bye':
        this.emit(frame.type, frame as never);
    }
  }

  #entry(entry: Entry): void {
    this.#deliver(this.#order.accept(entry));
    if (this.#order.hole(entry.conversation)) void this.#catchUp.run(entry.conversation);
  }

  #deliver(entries: Entry[]): void {
    for (const entry of entries) {
      this.#newestTs = Math.max(this.#newestTs, entry.ts);
      this.emit('entry', entry);
      this.emit(entry.type, entry as never);
      if (this.#options.autoReceived ?? true) this.received(entry.conversation, entry.seq);
    }
  }

  // Of a lagging conversation nothing is pushed until its history was read to the head.
  async #endLag(conversation: string): Promise<void> {
    try {
      if (this.#order.position(conversation) === undefined) {
        const { head, delivered } = await this.#request<{ head: number; delivered: number }>(
          { type: 'conversation', conversation }, {}
        );
        this.#catchUp.skip(conversation, Math.max(delivered, head - 200));
      }
      await this.#catchUp.run(conversation);
    } catch (failure) {
      if (failure instanceof ParleyError) this.emit('error', failure);
    }
  }

  // The replay starts at the device's cursor on the server. Another client with the same device id, such as
  // a second tab, may have moved it past what this one has, so a new session compares heads.
  async #readMissed(): Promise<void> {
    this.#mayHaveMissed = false;
    const since = this.#newestTs - clockSkewMs;
    try {
      for (let after: string | undefined = undefined, more = true; more; ) {
        const page: { items: { conversation: string; head: number; last?: Entry }[]; next?: string } =
          await this.#request({ type: 'conversations', limit: 100, after }, {});
        for (const { conversation, head } of page.items) {
          const position = this.#order.position(conversation);
          if (position !== undefined && position < head) void this.#catchUp.run(conversation);
        }
        after = page.next;
        // The list is sorted by the newest entry, so behind an old one there is nothing new.
        const oldest = page.items.at(-1)?.last;
        more = after !== undefined && oldest !== undefined && oldest.ts >= since;
      }
    } catch (failure) {
      if (failure instanceof ParleyError && failure.code !== 'disconnected') this.emit('error', failure);
    }
  }

  async #renewToken(): Promise<void> {
    if (this.#renewing) return;
    this.#renewing = true;
    try {
      const token = await this.#tokens.token(this.#connection.token);
      await this.#request({ type: 'auth', token }, { once: true });
      this.#connection.renewed(token);
      this.#queue.reauthenticated();
      this.#pump();
    } catch (failure) {
      // Without the network there is a reconnect, and that fetches a token too.
      const final = failure instanceof ParleyError && failure.retry === 'no' && failure.code !== 'disconnected';
      if (final) this.#connection.stop(failure);
    } finally {
      this.#renewing = false;
    }
  }

  #positionsSoon(): void {
    this.#positionsTimer ??= this.#clock.setTimeout(() => {
      this.#positionsTimer = undefined;
      void this.#sendPositions();
    }, positionsMs);
  }

  async #sendPositions(): Promise<void> {
    if (this.#sendingPositions) return;
    this.#sendingPositions = true;
    try {
      while (this.#connection.online) {
        const frames = this.#positions.take();
        if (frames.length === 0) return;
        await Promise.all(frames.map((frame) => this.#sendPosition(frame)));
      }
    } finally {
      this.#sendingPositions = false;
    }
  }

  async #sendPosition(frame: PositionFrame): Promise<void> {
    try {
      await this.#request({ ...frame }, { once: true });
    } catch (failure) {
      if (!(failure instanceof ParleyError)) throw failure;
      if (failure.code === 'disconnected') {
        this.#positions.putBack(frame);
      } else if (frame.positions.length > 1) {
        // All or none: one bad position refused the others, so they go one by one.
        for (const position of frame.positions) await this.#sendPosition({ ...frame, positions: [position] });
      } else {
        this.#positions.forget(frame);
        this.emit('error', failure);
      }
    }
  }

  #ephemeral(frame: Frame): void {
    if (this.#connection.online) this.#connection.send(frame);
  }

  #restoreSubscriptions(): void {
    if (this.#watched.size > 0 || this.#status) {
      const subscribe = [...this.#watched];
      this.#ephemeral({ type: 'presence', subscribe, ...(this.#status && { status: this.#status }) });
    }
    if (this.#focus.length > 0) this.#ephemeral({ type: 'focus', conversations: this.#focus });
  }
}

function closedError(): ParleyError {
  return new ParleyError({ code: 'disconnected', message: 'the client was closed' });
}

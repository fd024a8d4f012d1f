import { tokenSource, type TokenSource } from './accounts.js';
import { Backoff, type BackoffOptions } from './backoff.js';
import { CatchUp } from './catch-up.js';
import { systemClock, type Clock } from './clock.js';
import { Connection, type ConnectionState } from './connection.js';
import { Dialer } from './dialer.js';
import { EntryOrder } from './entry-order.js';
import { ParleyError, type ErrorFields } from './errors.js';
import { Exchange } from './exchange.js';
import type { Fetch } from './http.js';
import { KeptRequests } from './kept-requests.js';
import { Missed } from './missed.js';
import { watchNetwork } from './network-hints.js';
import { defaultOutbox, type Outbox } from './outbox.js';
import { PositionSender } from './position-sender.js';
import { isEntry, type Entry, type Frame, type Gap, type Hint, type Lag, type Welcome } from './protocol.js';
import { Requests, type ClientEvents, type WriteOptions } from './requests.js';
import { Rest } from './rest.js';
import { Subscriptions, type PresenceChange } from './subscriptions.js';
import type { TransportMode } from './transport-choice.js';
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
  /** `auto` (the default) polls where WebSockets do not get through; the others allow one way only. */
  transport?: TransportMode;
  /** To replace the `fetch` of the runtime. */
  fetch?: Fetch;
  /** Where unsent requests are kept. By default IndexedDB where there is one and the user is known, else memory. */
  outbox?: Outbox;
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

/** A user's connection to Parley. It outlives the sockets below it: what is sent is kept until acknowledged. */
export class Client extends Requests {
  readonly #clock: Clock;
  readonly #options: ClientOptions;
  readonly #connection: Connection;
  readonly #exchange: Exchange;
  readonly #kept: KeptRequests;
  readonly #order = new EntryOrder();
  readonly #positions: PositionSender;
  readonly #catchUp: CatchUp;
  readonly #missed: Missed;
  readonly #subscriptions = new Subscriptions();
  #welcome: Welcome | undefined;
  #mayHaveMissed = false;
  #closed = false;
  #unwatch: (() => void) | undefined;
  /** What is asked over HTTP: profiles, devices, files. */
  readonly rest: Rest;

  constructor(options: ClientOptions) {
    super();
    const { url, device, transport, WebSocket, fetch, replay = true, random = Math.random, clock = systemClock } = options;
    const failed = (error: ParleyError) => this.emit('error', error);
    this.#options = options;
    this.#clock = clock;
    const tokens = tokenSource(options.token);
    this.rest = new Rest({ url, tokens, ...(fetch && { fetch }) });
    this.#exchange = new Exchange({ clock, random, tokens, connection: () => this.#connection });
    this.#kept = new KeptRequests(options.outbox ?? defaultOutbox(url, tokens.user), clock, {
      transmit: ({ frame, lane }, signal) => this.#exchange.request(frame, lane === undefined ? {} : { lane }, signal),
      restored: (unsent) => this.emit('restored', unsent),
      refused: (unsent, error) => this.emit('refused', { unsent, error }),
    });
    this.#positions = new PositionSender({
      clock,
      online: () => this.#connection.online,
      ask: (frame) => this.#exchange.request(frame, { once: true }),
      refused: failed,
    });
    this.#catchUp = new CatchUp({
      order: this.#order,
      history: (conversation, after, limit) => this.#exchange.request({ type: 'history', conversation, after, limit }),
      deliver: (entries) => this.#deliver(entries),
      gap: (gap) => this.emit('gap', gap),
    });
    this.#missed = new Missed({ order: this.#order, catchUp: this.#catchUp, ask: (frame) => this.#exchange.request(frame), failed });
    const dialer = new Dialer({ url, device, replay, transport, WebSocket, fetch, clock });
    const backoff = new Backoff(options.backoff, random);
    this.#connection = new Connection({ dialer, tokens, clock, backoff, connectMs, pongMs }, {
      state: (state) => this.emit('state', state),
      welcome: (welcome) => this.#welcomed(welcome),
      frame: (frame) => this.#received(frame),
      lost: () => this.#exchange.lost(),
      garbled: failed,
    });
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
    return this.#exchange.size;
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
    if (this.#closed) this.#kept.reload();
    this.#closed = false;
    this.#unwatch ??= watchNetwork({ better: () => this.wake(), gone: () => this.#connection.abandon() });
    this.#connection.open();
    return welcome;
  }

  /** Which way the connection takes at the moment. */
  get transport(): 'websocket' | 'poll' | undefined {
    return this.#connection.transport;
  }

  /** Gives up every unsent request and forgets what was kept of them, for who signs out. */
  discardUnsent(): Promise<void> {
    return this.#kept.clear();
  }

  /** Disconnects and rejects what is unanswered. Unsent writes stay in the outbox for the next client. */
  close(): void {
    this.#closed = true;
    this.#kept.close();
    this.#unwatch?.();
    this.#unwatch = undefined;
    // Nobody waits for the answer: what gets lost here is repeated by the next client of this device.
    this.#positions.end().forEach((frame) => this.#ephemeral(frame));
    this.#connection.close();
    this.#exchange.close(closedError());
  }

  /** Tries to connect now if the client is waiting to, else checks that the connection is alive. */
  wake(): void {
    this.#connection.wake();
  }

  /** This device has everything up to `seq`. Sent by itself unless `autoReceived` is off. */
  received(conversation: string, seq: number): void {
    this.#positions.received(conversation, seq);
  }

  /** The user has read up to `seq`. A `private` read clears the own badge and is not shown to others. */
  read(conversation: string, seq: number, { private: hidden = false } = {}): void {
    this.#positions.read(conversation, seq, hidden);
  }

  /** Says that the user is typing. Lost without harm when offline. */
  typing(conversation: string, on = true): void {
    this.#ephemeral({ type: 'typing', conversation, on });
  }

  /** Subscribes to the presence of users, or sets the own one. Kept over reconnects. */
  presence(change: PresenceChange): void {
    this.#ephemeral(this.#subscriptions.presence(change));
  }

  /** The conversations in `pull` mode whose entries are wanted as pushes, at most 8. Kept over reconnects. */
  focus(conversations: string[]): void {
    this.#ephemeral(this.#subscriptions.focus(conversations));
  }

  protected ask<Reply>(frame: Frame, signal?: AbortSignal): Promise<Reply> {
    const deadline = this.#clock.now() + (this.#options.requestMs ?? 30_000);
    return this.#exchange.request(frame, { deadline }, signal);
  }

  protected async write<Reply>(frame: Frame, lane: string | undefined, options: WriteOptions = {}): Promise<Reply> {
    const at = this.#clock.now();
    const clientId = options.clientId ?? uuidv7(at);
    this.#exchange.mustFit(frame);
    const unsent = { clientId, frame: { ...frame, clientId }, at, ...(lane !== undefined && { lane }) };
    return (await this.#kept.write(unsent, options.signal)) as unknown as Reply;
  }

  protected askOnce<Reply>(frame: Frame): Promise<Reply> {
    const deadline = this.#clock.now() + (this.#options.requestMs ?? 30_000);
    return this.#exchange.request(frame, { once: true, deadline });
  }

  #welcomed(welcome: Welcome): void {
    const first = this.#welcome === undefined;
    this.#welcome = welcome;
    this.#mayHaveMissed = !first && !welcome.resumed;
    this.#exchange.welcomed(welcome);
    this.emit('welcome', welcome);
    this.#positions.repeatAll();
    if (!welcome.resumed) this.#subscriptions.all().forEach((frame) => this.#ephemeral(frame));
    this.#exchange.go();
  }

  #received(frame: Frame): void {
    if (typeof frame.ref === 'string') this.#exchange.replied(frame.ref, frame);
    else if (isEntry(frame)) this.#entry(frame);
    else this.#notice(frame);
  }

  #notice(frame: Frame): void {
    switch (frame.type) {
      case 'error': {
        const error = new ParleyError(frame as unknown as ErrorFields);
        if (error.code === 'token_expired') void this.#exchange.renewToken();
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
        for (const conversation of (frame as unknown as Lag).conversations) void this.#missed.endLag(conversation);
        return;
      case 'synced':
        this.emit('synced', frame as unknown as ClientEvents['synced']);
        if (this.#mayHaveMissed) void this.#missed.read();
        this.#mayHaveMissed = false;
        return;
      case 'hint':
        this.#hinted(frame as unknown as Hint);
        this.emit('hint', frame as unknown as Hint);
        return;
      case 'receipt':
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
      this.#missed.delivered(entry);
      this.emit('entry', entry);
      this.emit(entry.type, entry as never);
      if (this.#options.autoReceived ?? true) this.received(entry.conversation, entry.seq);
    }
  }

  // The answer to `focus` says where pushes begin: what lies between that and the last entry is read.
  #hinted({ conversation, head }: Hint): void {
    if (!this.#subscriptions.isFocused(conversation)) return;
    const position = this.#order.position(conversation);
    if (position === undefined) this.#catchUp.skip(conversation, head);
    else if (position < head) void this.#catchUp.run(conversation);
  }

  #ephemeral(frame: Frame): void {
    if (this.#connection.online) this.#connection.send(frame);
  }
}

function closedError(): ParleyError {
  return new ParleyError({ code: 'disconnected', message: 'the client was closed' });
}

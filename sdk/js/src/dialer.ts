import type { Clock } from './clock.js';
import { webSocketBase, type Fetch } from './http.js';
import { Poll } from './poll.js';
import { findWebSocket, probeSocket, Socket, type WebSocketConstructor } from './socket.js';
import { TransportChoice, type TransportMode } from './transport-choice.js';
import type { ResumePoint, Transport, TransportEvents } from './transport.js';

export interface DialerOptions {
  url: string;
  device: string | undefined;
  replay: boolean;
  transport: TransportMode | undefined;
  WebSocket: unknown;
  fetch: Fetch | undefined;
  clock: Clock;
}

/** Opens the ways to one server: WebSockets, and polls where those do not get through. */
export class Dialer {
  readonly choice: TransportChoice;
  readonly #options: DialerOptions;

  constructor(options: DialerOptions) {
    this.#options = options;
    this.choice = new TransportChoice(options.transport);
  }

  /** The WebSocket to use, or undefined when it is long polling's turn. */
  async webSocket(): Promise<WebSocketConstructor | undefined> {
    if (this.choice.next === 'poll') return undefined;
    try {
      return await findWebSocket(this.#options.WebSocket);
    } catch (failure) {
      if (this.choice.withoutWebSocket()) return undefined;
      throw failure;
    }
  }

  dial(WebSocket: WebSocketConstructor | undefined, token: string, resume: ResumePoint | undefined, events: TransportEvents): Transport {
    if (WebSocket) return new Socket(WebSocket, this.#address(resume), events);
    const { url, device, replay, fetch, clock } = this.#options;
    return new Poll({ url, token, device, replay, resume, fetch, clock }, events);
  }

  /** Whether a WebSocket gets through by now. */
  async socketOpens(): Promise<boolean> {
    const WebSocket = await findWebSocket(this.#options.WebSocket).catch(() => undefined);
    return WebSocket !== undefined && probeSocket(WebSocket, `${webSocketBase(this.#options.url)}/connect`);
  }

  #address(resume: ResumePoint | undefined): string {
    const { url, device, replay } = this.#options;
    const query = new URLSearchParams();
    if (device !== undefined) query.set('device', device);
    if (!replay) query.set('replay', 'none');
    if (resume) {
      query.set('resume', resume.session);
      query.set('key', resume.key);
      query.set('s', String(resume.s));
    }
    const parameters = query.toString();
    return `${webSocketBase(url)}/connect${parameters && `?${parameters}`}`;
  }
}

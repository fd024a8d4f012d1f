import { ParleyError } from './errors.js';
import type { Frame } from './protocol.js';
import type { Transport, TransportEvents } from './transport.js';

/** The part of the WebSocket interface that is used here; browsers, Node 22 and `ws` all have it. */
export interface WebSocketLike {
  readyState: number;
  onopen: ((event: never) => void) | null;
  onmessage: ((event: never) => void) | null;
  onclose: ((event: never) => void) | null;
  onerror: ((event: never) => void) | null;
  send(text: string): void;
  close(code?: number, reason?: string): void;
  /** `ws` has this: it ends the socket without waiting for the other side. */
  terminate?(): void;
}

export type WebSocketConstructor = new (url: string, protocols?: string | string[]) => WebSocketLike;

/** A WebSocket as transport. */
export class Socket implements Transport {
  readonly kind = 'websocket';
  readonly #socket: WebSocketLike;

  constructor(WebSocket: WebSocketConstructor, url: string, events: TransportEvents) {
    const socket = new WebSocket(url, 'parley.v1');
    this.#socket = socket;
    socket.onopen = () => events.opened();
    socket.onmessage = (event: { data: unknown }) => {
      if (typeof event.data !== 'string') return;
      let frame: unknown;
      try {
        frame = JSON.parse(event.data);
      } catch {
        events.garbled();
        return;
      }
      events.frame(frame);
    };
    socket.onclose = (event: { code: number; reason?: string }) => {
      this.#forget();
      events.closed(event.code, event.reason ?? '');
    };
    // Every error is followed by a close, which says as much. The listener stays, since `ws` treats an
    // error that nobody listens to as uncaught.
    socket.onerror = () => {};
  }

  send(frame: Frame): void {
    if (this.#socket.readyState === 1) this.#socket.send(JSON.stringify(frame));
  }

  renewed(): void {}

  /** Leaves without waiting: the other side may be unreachable, and a closing handshake would take minutes. */
  drop(code = 1000, reason = ''): void {
    this.#forget();
    try {
      this.#socket.close(code, reason);
      if (code !== 1000) this.#socket.terminate?.();
    } catch {
      // Closing a socket that is not open yet may throw; it is gone either way.
    }
  }

  #forget(): void {
    this.#socket.onopen = null;
    this.#socket.onmessage = null;
    this.#socket.onclose = null;
  }
}

/** Whether a WebSocket to this address opens. It is closed again at once, before it has said who it is. */
export function probeSocket(WebSocket: WebSocketConstructor, url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket: Socket = new Socket(WebSocket, url, {
      opened: () => {
        socket.drop();
        resolve(true);
      },
      frame: () => {},
      garbled: () => {},
      closed: () => resolve(false),
    });
  });
}

/** The given WebSocket, the built-in one, or that of the package `ws` where it is installed. */
export async function findWebSocket(given: unknown): Promise<WebSocketConstructor> {
  if (given) return given as WebSocketConstructor;
  const builtIn = (globalThis as { WebSocket?: unknown }).WebSocket;
  if (builtIn) return builtIn as WebSocketConstructor;
  try {
    // The name is in a variable so that bundlers for browsers do not look for the package.
    const name = 'ws';
    const ws = (await import(/* @vite-ignore */ name)) as { default: unknown };
    return ws.default as WebSocketConstructor;
  } catch {
    throw new ParleyError({
      code: 'invalid_argument',
      field: 'WebSocket',
      message: 'this runtime has no WebSocket: install the package "ws" or pass one as the option `WebSocket`',
    });
  }
}

import type { Frame, Welcome } from './protocol.js';

/** What a transport tells. After `closed` nothing more comes. */
export interface TransportEvents {
  /** Frames can travel. A transport that is not authenticated by then expects `auth` as the first. */
  opened(): void;
  frame(frame: unknown): void;
  /** What came was no JSON. */
  garbled(): void;
  closed(code: number, reason: string): void;
}

/** One way to the server, used once. After `drop` it is forgotten: none of its events arrives any more. */
export interface Transport {
  readonly kind: 'websocket' | 'poll';
  send(frame: Frame): void;
  /** Takes a renewed token, for what still needs one. */
  renewed(token: string): void;
  drop(code?: number, reason?: string): void;
}

/** Where a session can be taken up again. */
export interface ResumePoint {
  session: string;
  key: string;
  /** The last `s` received. */
  s: number;
  /** The welcome of this session. */
  welcome: Welcome;
}

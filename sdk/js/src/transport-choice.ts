export type TransportMode = 'auto' | 'websocket' | 'poll';

const failuresMax = 2;

/**
 * By which way the next attempt goes. A network that lets no WebSocket through is noticed by attempts that
 * fail before the server has said anything; then it is long polling's turn.
 */
export class TransportChoice {
  readonly #mode: TransportMode;
  #failures = 0;

  constructor(mode: TransportMode = 'auto') {
    this.#mode = mode;
  }

  get next(): 'websocket' | 'poll' {
    if (this.#mode !== 'auto') return this.#mode;
    return this.#failures < failuresMax ? 'websocket' : 'poll';
  }

  /** Whether a polling client should look now and then if a WebSocket gets through by now. */
  get mayImprove(): boolean {
    return this.#mode === 'auto';
  }

  worked(kind: 'websocket' | 'poll'): void {
    if (kind === 'websocket') this.#failures = 0;
  }

  /** An attempt ended before the server had said anything. */
  failed(kind: 'websocket' | 'poll'): void {
    // When polling fails as well the server is away rather than the network strange: both take turns.
    this.#failures = kind === 'websocket' ? this.#failures + 1 : failuresMax - 1;
  }

  /** There is no WebSocket here at all. Returns whether there is another way. */
  withoutWebSocket(): boolean {
    this.#failures = Infinity;
    return this.#mode === 'auto';
  }
}

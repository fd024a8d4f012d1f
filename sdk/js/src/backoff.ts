export interface BackoffOptions {
  /** Upper bound of the first delay. */
  firstMs: number;
  /** Upper bound of every delay. */
  maxMs: number;
  /** A connection that lasted this long proves that the server is well: the delays start over. */
  stableMs: number;
}

export const backoffDefaults: BackoffOptions = { firstMs: 500, maxMs: 30_000, stableMs: 10_000 };

/**
 * How long to wait before the next attempt to connect: exponential with full jitter, so that the
 * clients of a node that died come back spread over time instead of all at once.
 */
export class Backoff {
  readonly #options: BackoffOptions;
  readonly #random: () => number;
  #attempts = 0;
  #onlineSince: number | undefined;

  constructor(options: Partial<BackoffOptions> = {}, random: () => number = Math.random) {
    this.#options = { ...backoffDefaults, ...options };
    this.#random = random;
  }

  /** The connection stands. */
  online(now: number): void {
    this.#onlineSince = now;
  }

  /** The connection, or the attempt at one, failed. Returns the delay before the next attempt. */
  failed(now: number): number {
    if (this.#onlineSince !== undefined && now - this.#onlineSince >= this.#options.stableMs) this.#attempts = 0;
    this.#onlineSince = undefined;
    const ceiling = Math.min(this.#options.maxMs, this.#options.firstMs * 2 ** this.#attempts);
    // Bounded, because 2 ** attempts overflows to Infinity after a night offline; harmless, but not pretty.
    this.#attempts = Math.min(this.#attempts + 1, 30);
    return Math.floor(this.#random() * ceiling);
  }

  /** Something changed for the better (the network is back): the delays start over. */
  reset(): void {
    this.#attempts = 0;
  }
}

import { IndexedDbOutbox } from './indexed-db-outbox.js';
import type { Frame } from './protocol.js';

/** A request that writes and has no answer yet. */
export interface Unsent {
  clientId: string;
  frame: Frame;
  /** Requests of one lane are sent in order. */
  lane?: string;
  /** When it was made. */
  at: number;
}

/**
 * Where unsent requests are kept, so that they survive what the client does not: a reload, a crash. Give a
 * client one of your own to keep them in a file or a database.
 */
export interface Outbox {
  /** What was kept, oldest first. */
  all(): Promise<Unsent[]>;
  put(unsent: Unsent): Promise<void>;
  remove(clientId: string): Promise<void>;
  clear(): Promise<void>;
}

/** Keeps unsent requests as long as the process lives. */
export class MemoryOutbox implements Outbox {
  readonly #unsent = new Map<string, Unsent>();

  async all(): Promise<Unsent[]> {
    return [...this.#unsent.values()];
  }

  async put(unsent: Unsent): Promise<void> {
    this.#unsent.set(unsent.clientId, unsent);
  }

  async remove(clientId: string): Promise<void> {
    this.#unsent.delete(clientId);
  }

  async clear(): Promise<void> {
    this.#unsent.clear();
  }
}

/** The outbox of a client that was given none. */
export function defaultOutbox(url: string, user: string | undefined): Outbox {
  const browser = typeof globalThis.indexedDB === 'object' && user !== undefined;
  return browser ? new IndexedDbOutbox(`${user} ${url}`) : new MemoryOutbox();
}

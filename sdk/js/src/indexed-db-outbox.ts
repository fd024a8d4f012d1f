import type { Outbox, Unsent } from './outbox.js';

const database = 'parley';
const store = 'unsent';

/**
 * Keeps unsent requests in the browser's IndexedDB, in the object store `unsent` under [account, clientId].
 * Tabs share it: each may send what it finds, since the server stores a client id once.
 */
export class IndexedDbOutbox implements Outbox {
  readonly #account: string;
  readonly #factory: IDBFactory;
  #opened: Promise<IDBDatabase> | undefined;

  /** `account` keeps the users of one browser apart. */
  constructor(account: string, factory: IDBFactory = globalThis.indexedDB) {
    this.#account = account;
    this.#factory = factory;
  }

  async all(): Promise<Unsent[]> {
    const rows = await this.#run<Unsent[]>('readonly', (rows) => rows.getAll(this.#own()));
    return rows.map(({ clientId, frame, lane, at }) => ({ clientId, frame, at, ...(lane !== undefined && { lane }) })).sort((a, b) => a.at - b.at);
  }

  async put(unsent: Unsent): Promise<void> {
    await this.#run('readwrite', (rows) => rows.put({ ...unsent, account: this.#account }));
  }

  async remove(clientId: string): Promise<void> {
    await this.#run('readwrite', (rows) => rows.delete([this.#account, clientId]));
  }

  async clear(): Promise<void> {
    await this.#run('readwrite', (rows) => rows.delete(this.#own()));
  }

  // An array sorts behind every string, so this is every client id of the account.
  #own(): IDBKeyRange {
    return IDBKeyRange.bound([this.#account], [this.#account, []]);
  }

  async #run<Result>(mode: IDBTransactionMode, work: (rows: IDBObjectStore) => IDBRequest): Promise<Result> {
    const transaction = (await this.#open()).transaction(store, mode);
    const request = work(transaction.objectStore(store));
    return new Promise((resolve, reject) => {
      transaction.oncomplete = () => resolve(request.result as Result);
      transaction.onabort = () => reject(transaction.error);
    });
  }

  #open(): Promise<IDBDatabase> {
    this.#opened ??= new Promise<IDBDatabase>((resolve, reject) => {
      const request = this.#factory.open(database, 1);
      request.onupgradeneeded = () => request.result.createObjectStore(store, { keyPath: ['account', 'clientId'] });
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    return this.#opened;
  }
}

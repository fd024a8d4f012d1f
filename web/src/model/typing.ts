import { signal } from '@preact/signals';
import type { Client } from '@parley/sdk';

// The server passes typing on at most every two seconds and lets it lapse after six.
const repeatMs = 3000;

/** Who is typing where, and telling others that the user is. */
export class Typing {
  readonly #client: Client;
  readonly #users = signal<ReadonlyMap<string, ReadonlyMap<string, number>>>(new Map());
  #told: { conversation: string; at: number } | undefined;
  /** False when the server does not know typing. */
  available = true;

  constructor(client: Client) {
    this.#client = client;
    client.on('typing', ({ conversation, user, on, ttlMs }) => {
      this.#set(conversation, user, on ? Date.now() + ttlMs : 0);
      if (on) setTimeout(() => this.#lapse(conversation, user), ttlMs);
    });
    client.on('entry', ({ conversation, from }) => this.#set(conversation, from, 0));
  }

  in(conversation: string): string[] {
    return [...(this.#users.value.get(conversation)?.keys() ?? [])];
  }

  tell(conversation: string, on: boolean): void {
    if (!this.available) return;
    const told = this.#told?.conversation === conversation;
    if (on && told && Date.now() - this.#told!.at < repeatMs) return;
    if (!on && !told) return;
    this.#told = on ? { conversation, at: Date.now() } : undefined;
    this.#client.typing(conversation, on);
  }

  /** A message says by itself that its writer stopped typing. */
  sent(): void {
    this.#told = undefined;
  }

  #set(conversation: string, user: string, until: number): void {
    const known = this.#users.value.get(conversation);
    if (until === 0 && !known?.has(user)) return;
    const users = new Map(known);
    if (until === 0) users.delete(user);
    else users.set(user, until);
    this.#users.value = new Map(this.#users.value).set(conversation, users);
  }

  #lapse(conversation: string, user: string): void {
    const until = this.#users.value.get(conversation)?.get(user);
    if (until !== undefined && until <= Date.now()) this.#set(conversation, user, 0);
  }
}

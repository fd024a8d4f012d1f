import { signal } from '@preact/signals';
import type { Client } from '@parley/sdk';

/** Whom the user has blocked from this browser. The server keeps the block list but does not tell it. */
export class Blocked {
  readonly #client: Client;
  readonly #key: string;
  readonly #users = signal<readonly string[]>([]);

  constructor(client: Client, me: string) {
    this.#client = client;
    this.#key = `parley.blocked/${me}`;
    try {
      this.#users.value = JSON.parse(localStorage.getItem(this.#key) ?? '[]') as string[];
    } catch {
      this.#users.value = [];
    }
  }

  has(user: string): boolean {
    return this.#users.value.includes(user);
  }

  async set(user: string, blocked: boolean): Promise<void> {
    await (blocked ? this.#client.block(user) : this.#client.unblock(user));
    const others = this.#users.value.filter((other) => other !== user);
    this.#users.value = blocked ? [...others, user] : others;
    localStorage.setItem(this.#key, JSON.stringify(this.#users.value));
  }
}

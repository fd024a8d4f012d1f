import { signal } from '@preact/signals';
import type { Client, Presence as PresenceFrame } from '@parley/sdk';

/** Whether the users that were asked about are online. */
export class Presence {
  readonly #client: Client;
  readonly #users = signal<ReadonlyMap<string, PresenceFrame>>(new Map());
  readonly #asked = new Set<string>();

  constructor(client: Client) {
    this.#client = client;
    client.on('presence', (frame) => {
      this.#users.value = new Map(this.#users.value).set(frame.user, frame);
    });
    // What was last heard says nothing about now.
    client.on('state', ({ state }) => {
      if (state !== 'online') this.#users.value = new Map();
    });
  }

  of(user: string): PresenceFrame | undefined {
    return this.#users.value.get(user);
  }

  /** Asks to be told about a user. Conversations one looks at are few, so this is not taken back. */
  watch(user: string): void {
    if (this.#asked.has(user) || this.#asked.size >= 400) return;
    this.#asked.add(user);
    this.#client.presence({ subscribe: [user] });
  }
}

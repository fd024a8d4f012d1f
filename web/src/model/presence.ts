import { signal } from '@preact/signals';
import type { Client, Presence as PresenceFrame } from '@parley/sdk';

// Whoever has not looked for this long is away, for others to see.
const awayMs = 5 * 60_000;

/** Whether the users that were asked about are online, and telling others whether this one is. */
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

  isOnline(user: string): boolean {
    return this.of(user)?.status === 'online';
  }

  of(user: string): PresenceFrame | undefined {
    return this.#users.value.get(user);
  }

  /** Says `away` while the page is hidden for long. Returns how to stop. */
  followAttention(): () => void {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let away = false;
    const tell = (next: boolean) => {
      if (next === away) return;
      away = next;
      this.#client.presence({ status: next ? 'away' : 'online' });
    };
    const looked = () => {
      clearTimeout(timer);
      if (document.visibilityState === 'visible') tell(false);
      else timer = setTimeout(() => tell(true), awayMs);
    };
    document.addEventListener('visibilitychange', looked);
    looked();
    return () => {
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', looked);
    };
  }

  /** Asks to be told about a user. The list and the open chat ask, so it is not taken back. */
  watch(user: string): void {
    if (this.#asked.has(user) || this.#asked.size >= 400) return;
    this.#asked.add(user);
    this.#client.presence({ subscribe: [user] });
  }
}

import type { Frame } from './protocol.js';

export type Status = 'online' | 'away' | 'invisible';

export interface PresenceChange {
  subscribe?: string[];
  unsubscribe?: string[];
  status?: Status;
}

/** What a session asked to be told of. The server forgets it with the session, so it is kept here. */
export class Subscriptions {
  readonly #watched = new Set<string>();
  #status: Status | undefined;
  #focus: readonly string[] = [];

  presence(change: PresenceChange): Frame {
    change.subscribe?.forEach((user) => this.#watched.add(user));
    change.unsubscribe?.forEach((user) => this.#watched.delete(user));
    if (change.status) this.#status = change.status;
    return { type: 'presence', ...change };
  }

  focus(conversations: string[]): Frame {
    this.#focus = [...conversations];
    return { type: 'focus', conversations };
  }

  isFocused(conversation: string): boolean {
    return this.#focus.includes(conversation);
  }

  /** What a new session has to be told. */
  all(): Frame[] {
    const frames: Frame[] = [];
    if (this.#watched.size > 0 || this.#status) {
      frames.push({ type: 'presence', subscribe: [...this.#watched], ...(this.#status && { status: this.#status }) });
    }
    if (this.#focus.length > 0) frames.push({ type: 'focus', conversations: [...this.#focus] });
    return frames;
  }
}

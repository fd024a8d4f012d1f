import { signal } from '@preact/signals';
import type { Attachment } from '@parley/sdk';

/** A message that is written but not acknowledged. */
export interface Unsent {
  clientId: string;
  /** Where it goes: into a conversation, or to a user when there is no conversation yet. */
  conversation?: string;
  to?: string;
  text: string;
  replyTo?: number;
  mentions?: string[];
  attachments?: Attachment[];
  at: number;
  /** Why the server does not want it; absent while it is on its way. */
  failure?: string;
}

/**
 * The unsent messages of a user, as the page shows them. Each has a storage key of its own, so that it
 * survives a reload and two tabs do not overwrite each other's. Both may send it: the server stores a
 * client id once.
 */
export class Outbox {
  readonly messages = signal<readonly Unsent[]>([]);
  readonly #prefix: string;

  constructor(user: string) {
    this.#prefix = `parley.unsent/${user}/`;
    const kept: Unsent[] = [];
    for (let at = 0; at < localStorage.length; at++) {
      const key = localStorage.key(at)!;
      if (key.startsWith(this.#prefix)) kept.push(JSON.parse(localStorage.getItem(key)!) as Unsent);
    }
    this.messages.value = kept.sort((a, b) => a.at - b.at);
  }

  put(message: Unsent): void {
    localStorage.setItem(this.#prefix + message.clientId, JSON.stringify(message));
    const others = this.messages.value.filter(({ clientId }) => clientId !== message.clientId);
    this.messages.value = [...others, message].sort((a, b) => a.at - b.at);
  }

  find(clientId: string): Unsent | undefined {
    return this.messages.value.find((message) => message.clientId === clientId);
  }

  remove(clientId: string): void {
    localStorage.removeItem(this.#prefix + clientId);
    if (this.find(clientId)) this.messages.value = this.messages.value.filter((message) => message.clientId !== clientId);
  }

  clear(): void {
    for (const { clientId } of this.messages.value) this.remove(clientId);
  }
}

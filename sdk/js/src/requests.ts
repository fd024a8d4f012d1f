import { Events } from './events.js';
import type {
  Ack, ActorEvent, Attachment, Bye, Conversation, Deleted, Edited, Entry, Frame, Gap, Hint, History, Json, JsonObject, Lag, Member,
  MemberChange, Message, Mode, Muted, Page, Presence, Reaction, Receipt, Role, Synced, Typing, Updated, Welcome,
} from './protocol.js';
import type { ConnectionState } from './connection.js';
import type { ParleyError } from './errors.js';
import type { Unsent } from './outbox.js';

export interface ClientEvents {
  state: ConnectionState;
  welcome: Welcome;
  /** The replay after a `welcome` is through; from now on entries are live. */
  synced: Synced;
  /** Every entry, in order, once; then also the event named by its type. */
  entry: Entry;
  message: Message;
  edited: Edited;
  deleted: Deleted;
  reaction: Reaction;
  member: MemberChange;
  updated: Updated;
  gap: Gap;
  receipt: Receipt;
  hint: Hint;
  muted: Muted;
  typing: Typing;
  presence: Presence;
  event: ActorEvent;
  lag: Lag;
  bye: Bye;
  /** A request that an earlier client left unsent is on its way again. */
  restored: Unsent;
  /** A restored request was refused for good. */
  refused: { unsent: Unsent; error: ParleyError };
  /** Errors that belong to no request. */
  error: ParleyError;
}

/** Where a message goes: to a user (the 1:1 conversation is found or made) or into a conversation. */
export type Destination = { to: string; conversation?: never } | { conversation: string; to?: never };

export interface Content {
  text?: string;
  data?: JsonObject;
  /** Files that were uploaded before; name, size and mime are for those who receive it. */
  attachments?: Attachment[];
  replyTo?: number;
  mentions?: string[];
  silent?: boolean;
}

export interface WriteOptions {
  /** Made when absent. Give the one of an earlier try to repeat that very request. */
  clientId?: string;
  /** Gives the request up. If it was sent already, it may have been carried out. */
  signal?: AbortSignal;
}

export type HistoryRange = { before?: number; after?: never; around?: never } | { after: number; before?: never; around?: never } | { around: number; before?: never; after?: never };

/** The requests of the protocol, one method each. How they are sent, kept and repeated is `Client`'s. */
export abstract class Requests extends Events<ClientEvents> {
  /** A request that changes nothing: repeated after a reconnect, given up after a while. */
  protected abstract ask<Reply>(frame: Frame, signal?: AbortSignal): Promise<Reply>;

  /** A request that writes: kept until it is answered, in order within its lane. */
  protected abstract write<Reply>(frame: Frame, lane: string | undefined, options?: WriteOptions): Promise<Reply>;

  /** A request that may not be repeated. */
  protected abstract askOnce<Reply>(frame: Frame): Promise<Reply>;

  /** Sends a message. The promise ends when it is committed; until then the client keeps and repeats it. */
  send(message: Destination & Content, options?: WriteOptions): Promise<Ack> {
    const lane = message.conversation ?? `to ${message.to}`;
    return this.write({ type: 'send', ...message }, lane, options);
  }

  edit(conversation: string, target: number, content: { text?: string; data?: JsonObject }, options?: WriteOptions): Promise<Ack> {
    return this.write({ type: 'edit', conversation, target, ...content }, conversation, options);
  }

  delete(conversation: string, target: number, options?: WriteOptions): Promise<Ack> {
    return this.write({ type: 'delete', conversation, target }, conversation, options);
  }

  react(conversation: string, target: number, key: string, on = true, options?: WriteOptions): Promise<Ack> {
    return this.write({ type: 'react', conversation, target, key, on }, conversation, options);
  }

  /** Makes a group. */
  create(
    group: { title?: string; members: string[]; history?: 'all' | 'joined'; mode?: Mode; data?: JsonObject },
    options?: WriteOptions
  ): Promise<Conversation> {
    return this.write({ type: 'create', ...group }, undefined, options);
  }

  add(conversation: string, users: string[], options?: WriteOptions): Promise<Ack> {
    return this.write({ type: 'add', conversation, users }, conversation, options);
  }

  remove(conversation: string, users: string[], options?: WriteOptions): Promise<Ack> {
    return this.write({ type: 'remove', conversation, users }, conversation, options);
  }

  leave(conversation: string, options?: WriteOptions): Promise<Ack> {
    return this.write({ type: 'leave', conversation }, conversation, options);
  }

  role(conversation: string, user: string, role: Role, options?: WriteOptions): Promise<Ack> {
    return this.write({ type: 'role', conversation, user, role }, conversation, options);
  }

  update(conversation: string, changes: { title?: string; data?: JsonObject; mode?: Mode }, options?: WriteOptions): Promise<Ack> {
    return this.write({ type: 'update', conversation, ...changes }, conversation, options);
  }

  /** Mutes a conversation until a time; 0 ends it. */
  async mute(conversation: string, untilMs: number): Promise<void> {
    await this.ask({ type: 'mute', conversation, untilMs });
  }

  async block(user: string): Promise<void> {
    await this.ask({ type: 'block', user });
  }

  async unblock(user: string): Promise<void> {
    await this.ask({ type: 'unblock', user });
  }

  /** The user's conversations, the one with the newest entry first. */
  conversations(page: { after?: string; limit?: number } = {}, signal?: AbortSignal): Promise<Page<Conversation>> {
    return this.ask({ type: 'conversations', ...page }, signal);
  }

  conversation(conversation: string, signal?: AbortSignal): Promise<Conversation> {
    return this.ask({ type: 'conversation', conversation }, signal);
  }

  members(conversation: string, page: { after?: string; limit?: number } = {}, signal?: AbortSignal): Promise<Page<Member>> {
    return this.ask({ type: 'members', conversation, ...page }, signal);
  }

  /** Part of a conversation's log in order: the newest entries, or those before, after or around a seq. */
  history(conversation: string, range: HistoryRange & { limit?: number } = {}, signal?: AbortSignal): Promise<History> {
    return this.ask({ type: 'history', conversation, ...range }, signal);
  }

  async search(text: string, where: { conversation?: string; limit?: number } = {}, signal?: AbortSignal): Promise<Entry[]> {
    const results = await this.ask<{ items: Entry[] }>({ type: 'search', text, ...where }, signal);
    return results.items;
  }

  /** Calls an extension actor, addressed as `<type>/<key>`. A call is never repeated by itself. */
  async call(actor: string, method: string, args?: Json): Promise<Json> {
    const result = await this.askOnce<{ value: Json }>({ type: 'call', actor, method, args });
    return result.value;
  }
}

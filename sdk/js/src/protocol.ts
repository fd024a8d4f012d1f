/** The frames of Parley's protocol, version 1, as they travel. See docs/protocol.md. */

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

export type Role = 'owner' | 'admin' | 'member' | 'reader';
export type Mode = 'push' | 'pull';

export interface Attachment {
  file: string;
  name?: string;
  size?: number;
  mime?: string;
}

/** What every entry of a conversation's log has. `s` is there on pushes only. */
interface EntryBase {
  conversation: string;
  seq: number;
  id: string;
  from: string;
  ts: number;
  s?: number;
  /** Only in the author's own view. */
  clientId?: string;
}

export interface Message extends EntryBase {
  type: 'message';
  text?: string;
  data?: JsonObject;
  attachments?: Attachment[];
  replyTo?: number;
  mentions?: string[];
  silent?: boolean;
  editedAt?: number;
  /** True when the message was deleted; its content is then gone. */
  deleted?: boolean;
  /** Users by reaction key. */
  reactions?: Record<string, string[]>;
}

export interface Edited extends EntryBase {
  type: 'edited';
  target: number;
  text?: string;
  data?: JsonObject;
}

export interface Deleted extends EntryBase {
  type: 'deleted';
  target: number;
}

export interface Reaction extends EntryBase {
  type: 'reaction';
  target: number;
  key: string;
  on: boolean;
}

export interface MemberChange extends EntryBase {
  type: 'member';
  action: 'create' | 'add' | 'remove' | 'leave' | 'role';
  users: string[];
  role?: Role;
}

export interface Updated extends EntryBase {
  type: 'updated';
  title?: string;
  data?: JsonObject;
  mode?: Mode;
}

export type Entry = Message | Edited | Deleted | Reaction | MemberChange | Updated;

const entryTypes: ReadonlySet<string> = new Set(['message', 'edited', 'deleted', 'reaction', 'member', 'updated']);

/** Whether a frame is an entry of a log. Types that a newer server adds have `conversation` and `seq` too. */
export function isEntry(frame: Frame): frame is Frame & Entry {
  if (typeof frame.conversation !== 'string' || typeof frame.seq !== 'number') return false;
  return entryTypes.has(frame.type) || (typeof frame.id === 'string' && typeof frame.from === 'string');
}

export interface Limits {
  frame: number;
  text: number;
  inFlight: number;
}

export interface Welcome {
  type: 'welcome';
  user: string;
  device: string;
  session: string;
  resumeKey: string;
  resumed: boolean;
  node: string;
  serverTime: number;
  heartbeatMs: number;
  resumeWindowMs: number;
  limits: Limits;
  version: string;
}

export interface Synced {
  type: 'synced';
  conversations: number;
  unread: Record<string, number>;
}

/** Entries `from`..`to` were not delivered; page them with `history` if they are wanted. */
export interface Gap {
  type: 'gap';
  conversation: string;
  from: number;
  to: number;
}

export interface Receipt {
  type: 'receipt';
  conversation: string;
  seq: number;
  messageId: string;
  user: string;
  status: 'delivered' | 'read';
  ts: number;
  s?: number;
}

export interface Hint {
  type: 'hint';
  conversation: string;
  head: number;
}

export interface Muted {
  type: 'muted';
  conversation: string;
  untilMs: number;
  s?: number;
}

export interface Typing {
  type: 'typing';
  conversation: string;
  user: string;
  on: boolean;
  ttlMs: number;
}

export interface Presence {
  type: 'presence';
  user: string;
  status: 'online' | 'away' | 'offline';
  lastSeen?: number;
}

export interface ActorEvent {
  type: 'event';
  actor: string;
  name: string;
  value: Json;
  s?: number;
}

export interface Lag {
  type: 'lag';
  conversations: string[];
}

export interface Bye {
  type: 'bye';
  reason: string;
  afterMs: number;
}

export interface Ack {
  type: 'ack';
  ref?: string;
  clientId?: string;
  conversation: string;
  seq: number;
  id: string;
  ts: number;
  duplicate: boolean;
}

export interface Conversation {
  conversation: string;
  kind: 'direct' | 'group';
  title?: string;
  members: number;
  /** The other user of a 1:1. */
  peer?: string;
  role: Role;
  head: number;
  read: number;
  delivered: number;
  unread: number;
  mutedUntil?: number;
  last?: Entry;
  mode: Mode;
  createdAt: number;
  data?: JsonObject;
}

export interface Member {
  user: string;
  role: Role;
  delivered: number;
  read: number;
}

export interface Page<Item> {
  items: Item[];
  /** Pass as `after` to get the next page; absent on the last one. */
  next?: string;
}

export interface History {
  conversation: string;
  items: Entry[];
  head: number;
  more: boolean;
}

/** Any frame, before one knows more about it. */
export interface Frame {
  type: string;
  ref?: string;
  s?: number;
  [field: string]: unknown;
}

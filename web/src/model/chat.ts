import { signal } from '@preact/signals';
import { Client, type ConnectionState, type Content, type Conversation, type Destination, type Entry, type Message } from '@parley/sdk';
import { device, signOut, tokens } from './account';
import { Blocked } from './blocked';
import { Conversations } from './conversations';
import { Drafts } from './drafts';
import { FileUrls } from './file-urls';
import { Members } from './members';
import { Notifications } from './notifications';
import type { Outbox } from './outbox';
import { Presence } from './presence';
import { Quotes } from './quotes';
import { Search } from './search';
import { Sender } from './sender';
import { Timeline } from './timeline';
import { Typing } from './typing';
import { Uploads } from './uploads';

/** What is loaded of a conversation that was looked at. */
export interface Open {
  timeline: Timeline;
  members: Members;
}

// Conversations that were looked at stay loaded, the latest ones.
const openMax = 12;
// The server takes this many as the session's focus.
const focusMax = 8;

/** Everything a signed-in user has: the connection, the conversations and the unsent messages. */
export class Chat {
  readonly me: string;
  readonly client: Client;
  readonly state = signal<ConnectionState>({ state: 'idle' });
  /** What went wrong with something the user asked for, to be shown for a while. */
  readonly notice = signal('');
  readonly conversations: Conversations;
  readonly sender: Sender;
  readonly typing: Typing;
  readonly presence: Presence;
  readonly drafts: Drafts;
  readonly uploads: Uploads;
  readonly files: FileUrls;
  readonly quotes: Quotes;
  readonly blocked: Blocked;
  readonly search: Search;
  readonly notifications = new Notifications();
  readonly #open = new Map<string, Open>();

  constructor(me: string) {
    this.me = me;
    this.client = new Client({ url: location.origin, token: tokens, device: device() });
    this.conversations = new Conversations(this.client, me);
    this.sender = new Sender(this.client, me, (message) => this.#arrived(message));
    this.typing = new Typing(this.client);
    this.presence = new Presence(this.client);
    this.drafts = new Drafts(me);
    this.uploads = new Uploads(this.client.rest);
    this.files = new FileUrls(this.client.rest);
    this.quotes = new Quotes(this.client);
    this.blocked = new Blocked(this.client, me);
    this.search = new Search(this.client);
    this.client.on('state', (state) => this.#stateChanged(state));
    this.client.on('entry', (entry) => this.#arrived(entry));
    this.client.on('message', (message) => this.notifications.show(message, this.conversations.find(message.conversation), me));
    this.client.on('synced', () => void this.#missed());
    this.client.on('gap', ({ conversation, to }) => void this.#open.get(conversation)?.timeline.refill(to));
    this.client.on('hint', ({ conversation, head }) => this.conversations.hinted(conversation, head));
    this.client.on('muted', ({ conversation, untilMs }) => this.conversations.muted(conversation, untilMs));
    this.client.on('refused', ({ error }) => this.#tell(error.message));
    this.client.on('receipt', (receipt) => {
      const { conversation, user, seq, status } = receipt;
      this.#open.get(conversation)?.members.receipt(receipt);
      if (user === me && status === 'read') this.#readUpTo(conversation, seq);
    });
    this.client.on('error', ({ code }) => {
      if (code === 'unknown_type') this.typing.available = false;
    });
  }

  get outbox(): Outbox {
    return this.sender.outbox;
  }

  start(): void {
    void this.client.connect().catch(() => {});
    this.sender.start();
  }

  close(): void {
    this.client.close();
    this.files.clear();
  }

  /** Leaves nothing of the user in this browser. */
  async forget(): Promise<void> {
    this.outbox.clear();
    this.drafts.clear();
    await this.client.discardUnsent();
  }

  /** The log and the members of a conversation, loading what is not here yet. */
  open(conversation: string): Open {
    let open = this.#open.get(conversation);
    const before = [...this.#open.keys()].at(-1);
    if (open) this.#open.delete(conversation);
    else open = { timeline: new Timeline(this.client, conversation), members: new Members(this.client, conversation) };
    this.#open.set(conversation, open);
    if (this.#open.size > openMax) this.#open.delete(this.#open.keys().next().value!);
    if (before !== conversation) this.#focus();
    return open;
  }

  /** Loads what a chat that is looked at shows. */
  load(conversation: string): void {
    const { timeline, members } = this.open(conversation);
    // What was looked up in the past of the log last time is not where one goes on reading.
    if (timeline.loaded.value) void timeline.toNewest();
    else void timeline.load(this.conversations.find(conversation)?.unread);
    if (members.all.value.length === 0) void members.load().catch(() => {});
  }

  send(to: Destination, content: Omit<Content, 'text'> & { text: string }): void {
    this.sender.send(to, content);
    this.typing.sent();
  }

  edit({ conversation, seq }: Message, text: string): void {
    this.#attempt(this.client.edit(conversation, seq, { text }));
  }

  delete({ conversation, seq }: Message): void {
    this.#attempt(this.client.delete(conversation, seq));
  }

  /** Gives a reaction, or takes the own one back. */
  react({ conversation, seq, reactions }: Message, key: string): void {
    this.#attempt(this.client.react(conversation, seq, key, !reactions?.[key]?.includes(this.me)));
  }

  async mute(conversation: string, untilMs: number): Promise<void> {
    await this.client.mute(conversation, untilMs);
    this.conversations.muted(conversation, untilMs);
  }

  /** The user has seen everything up to `seq`. */
  read(conversation: string, seq: number): void {
    const known = this.conversations.find(conversation);
    if (!known || seq <= known.read) return;
    this.client.read(conversation, seq);
    this.#readUpTo(conversation, seq);
  }

  async createGroup(title: string, members: string[]): Promise<Conversation> {
    const group = await this.client.create({ title, members });
    this.conversations.put(group);
    return group;
  }

  // What the user sees follows from the entry that is pushed; only a refusal has to be told.
  #attempt(work: Promise<unknown>): void {
    work.catch((failure: { code?: string; message: string }) => {
      if (failure.code !== 'disconnected') this.#tell(failure.message);
    });
  }

  #tell(message: string): void {
    this.notice.value = message;
  }

  #arrived(entry: Entry): void {
    const open = this.#open.get(entry.conversation);
    open?.timeline.apply(entry);
    open?.members.apply(entry);
    this.quotes.apply(entry);
    this.conversations.apply(entry);
    if (entry.from === this.me && entry.clientId) this.outbox.remove(entry.clientId);
  }

  #readUpTo(conversation: string, seq: number): void {
    const timeline = this.#open.get(conversation)?.timeline;
    const known = timeline?.loaded.value && timeline.live.value && timeline.oldest <= seq + 1;
    this.conversations.readUpTo(conversation, seq, known ? timeline.unreadAfter(seq, this.me) : undefined);
  }

  // Of large groups only those that are looked at are pushed in full.
  #focus(): void {
    const pulled = [...this.#open.keys()].filter((open) => this.conversations.find(open)?.mode === 'pull');
    if (pulled.length > 0) this.client.focus(pulled.slice(-focusMax));
  }

  // A new session: other devices may have read, receipts may have come, entries gone to another tab.
  async #missed(): Promise<void> {
    try {
      await this.conversations.refresh();
    } catch {
      return;
    }
    this.#focus();
    for (const [conversation, { timeline, members }] of this.#open) {
      const head = this.conversations.find(conversation)?.head;
      if (!timeline.loaded.value) void timeline.load();
      else if (head !== undefined) void timeline.refill(head);
      void members.load().catch(() => {});
    }
  }

  #stateChanged(state: ConnectionState): void {
    this.state.value = state;
    if (state.state !== 'stopped') return;
    const { code, closeCode } = state.error;
    if (closeCode === 4502) signOut('This browser was signed out from another device.');
    else if (code === 'unauthenticated') signOut('Your session has ended. Please log in again.');
  }
}

import { signal } from '@preact/signals';
import { Client, ParleyError, uuidv7, type Ack, type ConnectionState, type Conversation, type Entry, type Message } from '@parley/sdk';
import { device, signOut, tokens } from './account';
import { Conversations } from './conversations';
import { Members } from './members';
import { Outbox, type Unsent } from './outbox';
import { Presence } from './presence';
import { Timeline } from './timeline';
import { Typing } from './typing';

/** What is loaded of a conversation that was looked at. */
export interface Open {
  timeline: Timeline;
  members: Members;
}

// Conversations that were looked at stay loaded, the latest ones.
const openMax = 12;

/** Everything a signed-in user has: the connection, the conversations and the unsent messages. */
export class Chat {
  readonly me: string;
  readonly client: Client;
  readonly state = signal<ConnectionState>({ state: 'idle' });
  readonly conversations: Conversations;
  readonly outbox: Outbox;
  readonly typing: Typing;
  readonly presence: Presence;
  readonly #open = new Map<string, Open>();
  readonly #sending = new Map<string, AbortController>();

  constructor(me: string) {
    this.me = me;
    this.client = new Client({ url: location.origin, token: tokens, device: device() });
    this.conversations = new Conversations(this.client, me);
    this.outbox = new Outbox(me);
    this.typing = new Typing(this.client);
    this.presence = new Presence(this.client);
    this.client.on('state', (state) => this.#stateChanged(state));
    this.client.on('entry', (entry) => this.#arrived(entry));
    this.client.on('synced', () => void this.#missed());
    this.client.on('gap', ({ conversation, to }) => void this.#open.get(conversation)?.timeline.refill(to));
    this.client.on('receipt', (receipt) => {
      const { conversation, user, seq, status } = receipt;
      this.#open.get(conversation)?.members.receipt(receipt);
      if (user === me && status === 'read') this.#readUpTo(conversation, seq);
    });
    this.client.on('error', ({ code }) => {
      if (code === 'unknown_type') this.typing.available = false;
    });
  }

  start(): void {
    void this.client.connect().catch(() => {});
    for (const message of this.outbox.messages.value) if (message.failure === undefined) void this.#transmit(message);
  }

  close(): void {
    this.client.close();
  }

  /** The log and the members of a conversation, loading what is not here yet. */
  open(conversation: string): Open {
    let open = this.#open.get(conversation);
    if (open) this.#open.delete(conversation);
    else open = { timeline: new Timeline(this.client, conversation), members: new Members(this.client, conversation) };
    this.#open.set(conversation, open);
    if (this.#open.size > openMax) this.#open.delete(this.#open.keys().next().value!);
    if (!open.timeline.loaded.value) void open.timeline.load(this.conversations.find(conversation)?.unread);
    if (open.members.all.value.length === 0) void open.members.load().catch(() => {});
    return open;
  }

  send(to: { conversation: string } | { to: string }, text: string): void {
    const message: Unsent = { clientId: uuidv7(), ...to, text, at: Date.now() };
    this.outbox.put(message);
    this.typing.sent();
    void this.#transmit(message);
  }

  /** Sends a refused message again, as the same message. */
  retry(clientId: string): void {
    const message = this.outbox.find(clientId);
    if (!message) return;
    const { failure: _failure, ...again } = message;
    this.outbox.put(again);
    void this.#transmit(again);
  }

  discard(clientId: string): void {
    this.#sending.get(clientId)?.abort();
    this.outbox.remove(clientId);
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

  async #transmit(message: Unsent): Promise<void> {
    const { clientId, conversation, to, text } = message;
    const giveUp = new AbortController();
    this.#sending.set(clientId, giveUp);
    const destination = conversation === undefined ? { to: to! } : { conversation };
    try {
      const ack = await this.client.send({ ...destination, text }, { clientId, signal: giveUp.signal });
      this.#acknowledged(message, ack);
    } catch (failure) {
      // Discarded, or the client was closed and the message stays for the next time.
      if (!(failure instanceof ParleyError) || failure.code === 'disconnected') return;
      if (this.outbox.find(clientId)) this.outbox.put({ ...message, failure: sendFailure(failure, message) });
    } finally {
      this.#sending.delete(clientId);
    }
  }

  // The ack comes before the push and says the same, so the message moves from the outbox to the log at once.
  #acknowledged({ clientId, text }: Unsent, { conversation, seq, id, ts }: Ack): void {
    const message: Message = { type: 'message', conversation, seq, id, ts, from: this.me, text, clientId };
    this.#open.get(conversation)?.timeline.apply(message);
    this.#open.get(conversation)?.members.apply(message);
    this.conversations.apply(message);
    this.outbox.remove(clientId);
  }

  #arrived(entry: Entry): void {
    const open = this.#open.get(entry.conversation);
    open?.timeline.apply(entry);
    open?.members.apply(entry);
    this.conversations.apply(entry);
    if (entry.from === this.me && entry.clientId) this.outbox.remove(entry.clientId);
  }

  #readUpTo(conversation: string, seq: number): void {
    const timeline = this.#open.get(conversation)?.timeline;
    const known = timeline?.loaded.value && timeline.oldest <= seq + 1;
    this.conversations.readUpTo(conversation, seq, known ? timeline.unreadAfter(seq, this.me) : undefined);
  }

  // A new session: other devices may have read, receipts may have come, entries gone to another tab.
  async #missed(): Promise<void> {
    try {
      await this.conversations.refresh();
    } catch {
      return;
    }
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

function sendFailure({ code, message }: ParleyError, { to }: Unsent): string {
  switch (code) {
    case 'not_found':
      return to === undefined ? 'You are not a member of this conversation' : `There is no user called ${to}`;
    case 'blocked':
      return 'This user does not take messages from you';
    case 'forbidden':
      return 'You may not write here';
    case 'too_large':
      return 'This message is too long';
    default:
      return message;
  }
}

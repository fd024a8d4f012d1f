import { ParleyError, uuidv7, type Ack, type Client, type Content, type Destination, type Message } from '@parley/sdk';
import { Outbox, type Unsent } from './outbox';

/** Brings messages from the outbox to the server. */
export class Sender {
  readonly outbox: Outbox;
  readonly #client: Client;
  readonly #me: string;
  readonly #sent: (message: Message) => void;
  readonly #sending = new Map<string, AbortController>();

  /** `sent` is told a message once it is in the log. */
  constructor(client: Client, me: string, sent: (message: Message) => void) {
    this.#client = client;
    this.#me = me;
    this.#sent = sent;
    this.outbox = new Outbox(me);
  }

  /** Sends what an earlier page left. */
  start(): void {
    for (const message of this.outbox.messages.value) if (message.failure === undefined) void this.#transmit(message);
  }

  send(to: Destination, content: Omit<Content, 'text'> & { text: string }): void {
    const { text, replyTo, mentions, attachments } = content;
    const message: Unsent = {
      clientId: uuidv7(),
      ...to,
      text,
      ...(replyTo !== undefined && { replyTo }),
      ...(mentions?.length && { mentions }),
      ...(attachments?.length && { attachments }),
      at: Date.now(),
    };
    this.outbox.put(message);
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

  async #transmit(message: Unsent): Promise<void> {
    const { clientId, conversation, to } = message;
    const giveUp = new AbortController();
    this.#sending.set(clientId, giveUp);
    const destination: Destination = conversation === undefined ? { to: to! } : { conversation };
    try {
      const ack = await this.#client.send({ ...destination, ...contentOf(message) }, { clientId, signal: giveUp.signal });
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
  #acknowledged(message: Unsent, { conversation, seq, id, ts, duplicate }: Ack): void {
    const { clientId } = message;
    // A repeated message may have been changed since; its push or the history says how it is now.
    if (!duplicate) this.#sent({ type: 'message', conversation, seq, id, ts, from: this.#me, clientId, ...contentOf(message) });
    this.outbox.remove(clientId);
  }
}

function contentOf({ text, replyTo, mentions, attachments }: Unsent): Content {
  return {
    ...(text !== '' && { text }),
    ...(replyTo !== undefined && { replyTo }),
    ...(mentions && { mentions }),
    ...(attachments && { attachments }),
  };
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

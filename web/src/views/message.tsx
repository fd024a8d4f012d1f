import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { Message } from '@parley/sdk';
import { isEmoji } from '../model/emoji';
import type { Unsent } from '../model/outbox';
import type { Tick } from '../model/ticks';
import { clockTime } from '../model/time';
import { messageText } from '../model/wording';
import { Attachments } from './attachments';
import { Avatar, hueOf } from './avatar';
import { useChat } from './chat-context';
import { LinkedText } from './linked-text';
import { MessageToolbar } from './message-toolbar';
import { Quote } from './quote';
import { Reactions } from './reactions';
import { TickMark } from './tick-mark';

interface BlockProps {
  first: boolean;
  last: boolean;
}

/** What can be done with a message. */
export interface MessageActions {
  mayWrite: boolean;
  mayEdit: boolean;
  mayDelete: boolean;
  reply(message: Message): void;
  edit(message: Message): void;
  delete(message: Message): void;
}

interface LogMessageProps extends BlockProps {
  message: Message;
  mine: boolean;
  group: boolean;
  tick: Tick | undefined;
  flashing: boolean;
  actions: MessageActions;
}

/** A message of the log. */
export function LogMessage({ message, mine, group, tick, first, last, flashing, actions }: LogMessageProps) {
  const chat = useChat();
  const [pointed, setPointed] = useState(false);
  const [focused, setFocused] = useState(false);
  const { conversation, seq, from, ts, deleted, editedAt, reactions, replyTo, mentions, attachments } = message;
  const content = !deleted && (message.text !== undefined || attachments?.length);
  const called = mentions?.includes(chat.me) && !mine;
  const classes = `${block(mine ? 'mine' : 'theirs', first, last)}${flashing ? ' flashing' : ''}${called ? ' called' : ''}`;
  return (
    <article
      class={classes} aria-label={`${mine ? 'You' : from}, ${clockTime(ts)}`} tabIndex={-1} data-seq={seq} data-mine={mine} data-testid="message"
      onPointerEnter={({ pointerType }) => setPointed(pointerType === 'mouse')} onPointerLeave={() => setPointed(false)}
      onFocusIn={({ target }) => setFocused(isMeant(target as Element))}
      onFocusOut={({ currentTarget, relatedTarget }) => setFocused(currentTarget.contains(relatedTarget as Node | null))}
    >
      {group && !mine && (last ? <Avatar name={from} small /> : <span class="avatar-space" />)}
      <div class="bubble">
        {group && !mine && first && <span class={`author hue-${hueOf(from)}`} data-testid="author">{from}</span>}
        {replyTo !== undefined && !deleted && <Quote conversation={conversation} seq={replyTo} />}
        {!deleted && attachments && <Attachments attachments={attachments} />}
        {(message.text !== undefined || !content) && (
          <span class={content ? textClass(message.text!) : 'text stand-in'} data-testid="text">
            {content ? <LinkedText text={message.text!} mentions={mentions} me={chat.me} /> : messageText(message)}
          </span>
        )}
        <Meta at={ts} edited={editedAt !== undefined && !deleted}>{tick && <TickMark tick={tick} />}</Meta>
        {reactions && !deleted && <Reactions reactions={reactions} me={chat.me} onReact={actions.mayWrite ? (key) => chat.react(message, key) : undefined} />}
        {(pointed || focused) && !deleted && <MessageToolbar message={message} actions={actions} />}
      </div>
    </article>
  );
}

// A mouse points; the keyboard's focus is meant, and on a touch screen a tap is, which gives focus too.
function isMeant(target: Element): boolean {
  return target.matches(':focus-visible') || matchMedia('(hover: none)').matches;
}

/** A message that waits to be sent, or that the server refused. */
export function UnsentMessage({ message, first, last }: BlockProps & { message: Unsent }) {
  const chat = useChat();
  const { clientId, conversation, text, at, failure, replyTo, attachments, mentions } = message;
  return (
    <article class={`${block('mine', first, last)} unsent`} aria-label={`You, ${clockTime(at)}, not sent yet`} tabIndex={-1} data-mine="true" data-testid="message">
      <div class="bubble">
        {replyTo !== undefined && conversation !== undefined && <Quote conversation={conversation} seq={replyTo} />}
        {attachments && <Attachments attachments={attachments} />}
        {text && <span class={textClass(text)} data-testid="text"><LinkedText text={text} mentions={mentions} me={chat.me} /></span>}
        <Meta at={at}><TickMark tick={failure === undefined ? 'queued' : 'failed'} /></Meta>
      </div>
      {failure !== undefined && (
        <p class="send-failure" role="alert" data-testid="send-failure">
          {failure}.{' '}
          <button type="button" class="link" onClick={() => chat.sender.retry(clientId)}>Try again</button>{' '}
          <button type="button" class="link" onClick={() => chat.sender.discard(clientId)}>Discard</button>
        </p>
      )}
    </article>
  );
}

function textClass(text: string): string {
  return isEmoji(text) ? 'text emoji' : 'text';
}

function Meta({ at, edited = false, children }: { at: number; edited?: boolean; children: ComponentChildren }) {
  return (
    <span class="meta">
      {edited && <span data-testid="edited">edited</span>}
      <time dateTime={new Date(at).toISOString()} title={new Date(at).toLocaleString()}>{clockTime(at)}</time>
      {children}
    </span>
  );
}

function block(side: string, first: boolean, last: boolean): string {
  return `message ${side}${first ? ' first' : ''}${last ? ' last' : ''}`;
}

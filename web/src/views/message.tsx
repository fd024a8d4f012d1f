import type { ComponentChildren } from 'preact';
import type { Message } from '@parley/sdk';
import { isEmoji } from '../model/emoji';
import type { Unsent } from '../model/outbox';
import type { Tick } from '../model/ticks';
import { clockTime } from '../model/time';
import { messageText } from '../model/wording';
import { Avatar, hueOf } from './avatar';
import { useChat } from './chat-context';
import { LinkedText } from './linked-text';
import { TickMark } from './tick-mark';

interface BlockProps {
  first: boolean;
  last: boolean;
}

/** A message of the log. */
export function LogMessage({ message, mine, group, tick, first, last }: BlockProps & { message: Message; mine: boolean; group: boolean; tick: Tick | undefined }) {
  const { seq, from, ts, deleted, editedAt, reactions } = message;
  const plain = !deleted && message.text !== undefined;
  const side = mine ? 'mine' : 'theirs';
  return (
    <article class={block(side, first, last)} aria-label={`${mine ? 'You' : from}, ${clockTime(ts)}`} data-seq={seq} data-mine={mine} data-testid="message">
      {group && !mine && (last ? <Avatar name={from} small /> : <span class="avatar-space" />)}
      <div class="bubble">
        {group && !mine && first && <span class={`author hue-${hueOf(from)}`} data-testid="author">{from}</span>}
        <span class={plain ? textClass(message.text!) : 'text stand-in'} data-testid="text">{plain ? <LinkedText text={message.text!} /> : messageText(message)}</span>
        <Meta at={ts} edited={editedAt !== undefined && !deleted}>{tick && <TickMark tick={tick} />}</Meta>
        {reactions && <Reactions reactions={reactions} />}
      </div>
    </article>
  );
}

/** A message that waits to be sent, or that the server refused. */
export function UnsentMessage({ message, first, last }: BlockProps & { message: Unsent }) {
  const chat = useChat();
  const { clientId, text, at, failure } = message;
  return (
    <article class={`${block('mine', first, last)} unsent`} aria-label={`You, ${clockTime(at)}, not sent yet`} data-mine="true" data-testid="message">
      <div class="bubble">
        <span class={textClass(text)} data-testid="text"><LinkedText text={text} /></span>
        <Meta at={at}><TickMark tick={failure === undefined ? 'queued' : 'failed'} /></Meta>
      </div>
      {failure !== undefined && (
        <p class="send-failure" role="alert" data-testid="send-failure">
          {failure}.{' '}
          <button type="button" class="link" onClick={() => chat.retry(clientId)}>Try again</button>{' '}
          <button type="button" class="link" onClick={() => chat.discard(clientId)}>Discard</button>
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
      {edited && <span>edited</span>}
      <time dateTime={new Date(at).toISOString()} title={new Date(at).toLocaleString()}>{clockTime(at)}</time>
      {children}
    </span>
  );
}

function Reactions({ reactions }: { reactions: Record<string, string[]> }) {
  const given = Object.entries(reactions).filter(([, users]) => users.length > 0);
  if (given.length === 0) return null;
  return (
    <ul class="reactions" aria-label="Reactions">
      {given.map(([key, users]) => <li key={key} title={users.join(', ')}>{key} {users.length > 1 && users.length}</li>)}
    </ul>
  );
}

function block(side: string, first: boolean, last: boolean): string {
  return `message ${side}${first ? ' first' : ''}${last ? ' last' : ''}`;
}

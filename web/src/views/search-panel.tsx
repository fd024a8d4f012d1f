import { useEffect, useRef } from 'preact/hooks';
import type { Message } from '@parley/sdk';
import { snippet } from '../model/search';
import { shortTime } from '../model/time';
import { messageText, titleOf } from '../model/wording';
import { address, openChat } from '../route';
import { Avatar } from './avatar';
import { useChat } from './chat-context';
import { PanelBar } from './panel-bar';

const pauseMs = 250;

/** Finds messages in all conversations and leads to them. */
export function SearchPanel() {
  const chat = useChat();
  const { text, results, state, failure } = chat.search;
  const field = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLUListElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>();
  useEffect(() => {
    field.current!.value = text.peek();
    field.current!.select();
    field.current!.focus();
    return () => clearTimeout(timer.current);
  }, []);

  function search(pause: number) {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => void chat.search.run(field.current!.value), pause);
  }

  function move(event: KeyboardEvent) {
    const links = [...(list.current?.querySelectorAll<HTMLElement>('a') ?? [])];
    const at = links.indexOf(document.activeElement as HTMLElement);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === undefined || links.length === 0) return;
    event.preventDefault();
    if (at + step < 0) field.current!.focus();
    else links[Math.min(links.length - 1, at + step)]!.focus();
  }

  return (
    <>
      <PanelBar title="Search" />
      <div class="search" role="search" onKeyDown={move}>
        <form onSubmit={(event) => { event.preventDefault(); search(0); }}>
          <label class="field">
            <span class="said">Search messages</span>
            <input ref={field} type="search" placeholder="Search messages" maxLength={200} autocomplete="off" onInput={() => search(pauseMs)} data-testid="search-field" />
          </label>
        </form>
        <p class="search-state" role="status" data-testid="search-state" data-state={state.value}>{stateText()}</p>
        <ul class="search-results" ref={list} aria-label="Search results">
          {results.value.map((message) => <li key={message.id}><Result message={message} wanted={text.value} /></li>)}
        </ul>
      </div>
    </>
  );

  function stateText(): string {
    switch (state.value) {
      case 'idle':
        return 'Finds messages in all your conversations.';
      case 'busy':
        return 'Searching…';
      case 'failed':
        return failure.value;
      default:
        return results.value.length === 0 ? 'Nothing found.' : `${results.value.length} ${results.value.length === 1 ? 'message' : 'messages'}`;
    }
  }
}

function Result({ message, wanted }: { message: Message; wanted: string }) {
  const chat = useChat();
  const { conversation, seq, from, ts } = message;
  const item = chat.conversations.find(conversation);
  useEffect(() => {
    if (!item) void chat.conversations.fetch(conversation);
  }, [item === undefined]);
  const title = item ? titleOf(item) : 'Conversation';
  const here = openChat.value?.view === 'conversation' && openChat.value.conversation === conversation;
  const [before, found, after] = snippet(messageText(message), wanted);
  return (
    <a class="conversation" href={address({ view: 'conversation', conversation, at: seq })} aria-current={here ? 'true' : undefined} data-testid="result">
      <Avatar name={title} group={item?.kind === 'group'} />
      <span class="conversation-line">
        <span class="conversation-title">{title}</span>
        <time class="conversation-time" dateTime={new Date(ts).toISOString()}>{shortTime(ts)}</time>
      </span>
      <span class="conversation-preview">{from === chat.me ? 'You' : from}: {before}<mark>{found}</mark>{after}</span>
    </a>
  );
}

import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { Conversation } from '@parley/sdk';
import { daysOf, type Row } from '../model/rows';
import { tickOf } from '../model/ticks';
import { dayName } from '../model/time';
import { eventText } from '../model/wording';
import { useChat } from './chat-context';
import { DownIcon } from './icons';
import { LogMessage, UnsentMessage } from './message';
import { useScrolling } from './scrolling';

interface Props {
  conversation: string | undefined;
  item: Conversation | undefined;
  peer: string | undefined;
}

/** The messages of a conversation by day, older ones loaded as one scrolls up. */
export function MessageList({ conversation, item, peer }: Props) {
  const chat = useChat();
  const open = conversation === undefined || !chat.conversations.loaded.value ? undefined : chat.open(conversation);
  const entries = open?.timeline.entries.value ?? [];
  const members = open?.members.all.value ?? [];
  const loaded = conversation === undefined || (open?.timeline.loaded.value ?? false);
  const failure = open?.timeline.failure.value;
  const unsent = chat.outbox.messages.value.filter(
    (message) => (conversation !== undefined && message.conversation === conversation) || (peer !== undefined && message.to === peer)
  );

  // Where the news began when the chat was opened; the mark stays there while one reads.
  const opened = useRef(false);
  const firstUnread = useRef<number>();
  if (loaded && item && !opened.current) {
    opened.current = true;
    const first = entries.find((entry) => entry.seq > item.read && entry.type === 'message' && entry.from !== chat.me);
    if (item.unread > 0) firstUnread.current = first?.seq;
  }
  const unreadFrom = firstUnread.current;

  const days = useMemo(() => daysOf(entries, unsent, chat.me, unreadFrom), [entries, unsent.map((m) => m.clientId + m.failure).join(), unreadFrom]);
  const newest = entries.at(-1)?.seq ?? 0;

  const scrolling = useScrolling({
    first: entries[0]?.seq,
    last: unsent.at(-1)?.clientId ?? entries.at(-1)?.id,
    lastIsMine: unsent.length > 0 || entries.at(-1)?.from === chat.me,
    ready: loaded,
    onTop: () => void open?.timeline.older(),
    onSeen: (seq) => {
      // Below the last row there may be entries without a row, such as edits.
      const last = entries.findLast((entry) => entry.type === 'message' || entry.type === 'member' || entry.type === 'updated');
      if (conversation !== undefined) chat.read(conversation, seq >= (last?.seq ?? Infinity) ? newest : seq);
    },
  });

  // A page of entries that have no row, or a high window: there may be room for more.
  useEffect(() => scrolling.look(), [entries, open?.timeline.complete.value, item?.head]);

  const group = item?.kind === 'group';
  const below = item && !scrolling.atEnd ? item.unread : 0;
  const empty = loaded && days.length === 0;
  return (
    <div class="messages-place">
      <div class="messages" ref={scrolling.list} onScroll={scrolling.onScroll} role="log" aria-label="Messages" tabIndex={0} data-testid="messages" data-loaded={loaded}>
        <div class="messages-top" aria-hidden={!open?.timeline.loadingOlder.value}>{open?.timeline.loadingOlder.value && <span class="spinner" />}</div>
        {failure && (
          <p class="load-failure" role="alert">
            {failure} <button type="button" class="link" onClick={() => void (loaded ? open?.timeline.older() : open?.timeline.load())}>Try again</button>
          </p>
        )}
        {!loaded && !failure && <span class="spinner central" role="status" aria-label="Loading messages" />}
        {empty && <p class="messages-empty">No messages yet. Say hello{peer ? ` to ${peer}` : ''}!</p>}
        {days.map((day) => (
          <section key={day.key} class="day" aria-label={dayName(day.at)}>
            <h3 class="day-name" data-testid="day"><span>{dayName(day.at)}</span></h3>
            {day.rows.map((row) => render(row))}
          </section>
        ))}
      </div>
      {!scrolling.atEnd && (
        <button type="button" class="to-end" onClick={() => scrolling.toEnd()} aria-label={below > 0 ? `To the newest message, ${below} unread` : 'To the newest message'} data-testid="to-end">
          <DownIcon />
          {below > 0 && <span class="badge" aria-hidden="true">{below}</span>}
        </button>
      )}
    </div>
  );

  function render(row: Row) {
    switch (row.kind) {
      case 'message': {
        const mine = row.message.from === chat.me;
        return <LogMessage {...row} key={row.key} mine={mine} group={group ?? false} tick={mine ? tickOf(row.message.seq, chat.me, members) : undefined} />;
      }
      case 'unsent':
        return <UnsentMessage {...row} key={row.key} />;
      case 'event':
        return <p key={row.key} class="event" data-seq={row.entry.seq} data-testid="event">{eventText(row.entry, chat.me)}</p>;
      case 'unread':
        return <p key={row.key} class="unread-mark" data-testid="unread-mark"><span>New messages</span></p>;
    }
  }
}

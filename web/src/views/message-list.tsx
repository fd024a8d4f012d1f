import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Conversation, Message } from '@parley/sdk';
import { guessedPx, hasRow, rowsOf, type Row } from '../model/rows';
import { tickOf } from '../model/ticks';
import { dayName } from '../model/time';
import { eventText } from '../model/wording';
import { useChat } from './chat-context';
import { DownIcon } from './icons';
import { LogMessage, UnsentMessage, type MessageActions } from './message';
import { useVirtualRows, type View } from './virtual-rows';

interface Props {
  conversation: string | undefined;
  item: Conversation | undefined;
  peer: string | undefined;
  /** The message to show, if a certain one is asked for. */
  at: number | undefined;
  actions: Pick<MessageActions, 'reply' | 'edit' | 'delete'>;
}

const nearPx = 600;
const flashMs = 2000;

/** The messages of a conversation by day, older and newer ones loaded as one scrolls. */
export function MessageList({ conversation, item, peer, at, actions }: Props) {
  const chat = useChat();
  const open = conversation === undefined || !chat.conversations.loaded.value ? undefined : chat.open(conversation);
  const timeline = open?.timeline;
  const entries = timeline?.entries.value ?? [];
  const members = open?.members.all.value ?? [];
  const loaded = conversation === undefined || (timeline?.loaded.value ?? false);
  const live = timeline?.live.value ?? true;
  const failure = timeline?.failure.value;
  const loading = timeline?.loading.value;
  const unsent = chat.outbox.messages.value.filter(
    (message) => (conversation !== undefined && message.conversation === conversation) || (peer !== undefined && message.to === peer)
  );
  const [flashing, setFlashing] = useState<number>();

  // Where the news began when the chat was opened; the mark stays there while one reads.
  const opened = useRef(false);
  const firstUnread = useRef<number>();
  if (loaded && item && !opened.current) {
    opened.current = true;
    const first = entries.find((entry) => entry.seq > item.read && entry.type === 'message' && entry.from !== chat.me);
    if (item.unread > 0 && live) firstUnread.current = first?.seq;
  }
  const unreadFrom = firstUnread.current;

  const shownUnsent = live ? unsent : [];
  const rows = useMemo(() => rowsOf(entries, shownUnsent, chat.me, unreadFrom), [entries, shownUnsent.map((m) => m.clientId + m.failure).join(), unreadFrom]);
  const keys = useMemo(() => rows.map(({ key }) => key), [rows]);
  const newest = entries.at(-1)?.seq ?? 0;
  const [day, setDay] = useState('');

  const scrolling = useVirtualRows({
    keys,
    mayHold: (index) => rows[index]!.kind !== 'day',
    guessPx: (index) => guessedPx(rows[index]!),
    ready: loaded && (at === undefined || entries.some(({ seq }) => seq === at)),
    begin: (height) => {
      const key = at === undefined ? (unreadFrom === undefined ? undefined : 'unread') : keyOf(at);
      return key === undefined ? { kind: 'end' } : { kind: 'at', key, offset: height / 3 };
    },
    live,
    onLook: look,
  });

  // A message that is asked for: its part of the log is loaded, it is put in view, and stands out for a moment.
  useEffect(() => {
    if (at === undefined || !timeline) return;
    void timeline.around(at).then(() => setFlashing(at));
  }, [at, timeline]);
  useEffect(() => {
    if (flashing === undefined) return;
    const key = keyOf(flashing);
    if (key !== undefined) scrolling.show(key);
    const timer = setTimeout(() => setFlashing(undefined), flashMs);
    return () => clearTimeout(timer);
  }, [flashing]);

  useEffect(() => {
    if (at === undefined && conversation !== undefined && chat.conversations.loaded.value) chat.load(conversation);
    else if (conversation !== undefined && open?.members.all.value.length === 0) void open.members.load().catch(() => {});
  }, [conversation, chat.conversations.loaded.value]);

  // Whoever writes looks at the end.
  const lastUnsent = unsent.at(-1)?.clientId;
  const before = useRef(lastUnsent);
  useEffect(() => {
    if (lastUnsent !== undefined && lastUnsent !== before.current) toNewest();
    before.current = lastUnsent;
  }, [lastUnsent]);

  // A page of entries that have no row, or a high window: there may be room for more.
  useEffect(() => scrolling.look(), [entries, timeline?.complete.value, live, item?.head]);

  function look({ top, above, below }: View) {
    if (above < nearPx) void timeline?.older();
    if (below < nearPx && !live) void timeline?.newer();
    const dayRow = rows.slice(0, top + 1).findLast((row) => row.kind === 'day');
    setDay(dayRow?.kind === 'day' && above > 40 && rows[top]?.kind !== 'day' ? dayName(dayRow.at) : '');
    if (conversation === undefined || document.visibilityState !== 'visible' || !document.hasFocus()) return;
    const seen = lastSeen(scrolling.list.current!);
    if (seen === undefined) return;
    // Below the last row there may be entries without a row, such as edits.
    const last = entries.findLast(hasRow);
    chat.read(conversation, live && seen >= (last?.seq ?? Infinity) ? newest : seen);
  }

  function toNewest() {
    void timeline?.toNewest().then(scrolling.toEnd);
    if (!timeline) scrolling.toEnd();
  }

  function keyOf(seq: number): string | undefined {
    return rows.find((row) => row.kind === 'message' && row.message.seq === seq)?.key;
  }

  const group = item?.kind === 'group';
  const away = !scrolling.atEnd || !live;
  const below = item && away ? item.unread : 0;
  return (
    <div class="messages-place">
      {day && <p class="day-name floating" aria-hidden="true"><span>{day}</span></p>}
      <div
        class="messages" ref={scrolling.list} onScroll={scrolling.onScroll} onKeyDown={moveFocus} role="log" aria-label="Messages" tabIndex={0}
        data-testid="messages" data-loaded={loaded}
      >
        <div class="messages-top" aria-hidden="true">{loading === 'older' && <span class="spinner" />}</div>
        {failure && (
          <p class="load-failure" role="alert">
            {failure} <button type="button" class="link" onClick={() => void (loaded ? timeline?.older() : timeline?.load())}>Try again</button>
          </p>
        )}
        {!loaded && !failure && <span class="spinner central" role="status" aria-label="Loading messages" />}
        {loaded && rows.length === 0 && <p class="messages-empty">No messages yet. Say hello{peer ? ` to ${peer}` : ''}!</p>}
        <div class="rows" ref={scrolling.content} style={{ height: `${scrolling.total}px`, paddingTop: `${scrolling.before}px` }}>
          <div ref={scrolling.drawn}>
            {rows.slice(scrolling.from, scrolling.to).map((row) => <div key={row.key} class="row" data-key={row.key}>{render(row)}</div>)}
          </div>
        </div>
        {loading === 'newer' && <div class="messages-bottom"><span class="spinner" /></div>}
      </div>
      {away && loaded && (
        <button type="button" class="to-end" onClick={toNewest} aria-label={below > 0 ? `To the newest message, ${below} unread` : 'To the newest message'} data-testid="to-end">
          <DownIcon />
          {below > 0 && <span class="badge" aria-hidden="true">{below}</span>}
        </button>
      )}
    </div>
  );

  function render(row: Row) {
    switch (row.kind) {
      case 'day':
        return <h3 class="day-name" data-testid="day"><span>{dayName(row.at)}</span></h3>;
      case 'message': {
        const mine = row.message.from === chat.me;
        const tick = mine ? tickOf(row.message.seq, chat.me, members) : undefined;
        return <LogMessage {...row} mine={mine} group={group} tick={tick} flashing={row.message.seq === flashing} actions={actionsFor(row.message)} />;
      }
      case 'unsent':
        return <UnsentMessage {...row} />;
      case 'event':
        return <p class="event" data-seq={row.entry.seq} data-testid="event">{eventText(row.entry, chat.me)}</p>;
      case 'unread':
        return <p class="unread-mark" data-testid="unread-mark"><span>New messages</span></p>;
    }
  }

  function actionsFor(message: Message): MessageActions {
    const mine = message.from === chat.me;
    const role = item?.role;
    const writes = role !== undefined && role !== 'reader';
    return {
      ...actions,
      mayWrite: writes,
      mayEdit: writes && mine && message.text !== undefined,
      mayDelete: writes && (mine || role === 'admin' || role === 'owner'),
    };
  }
}

/** The arrow keys lead from message to message, and from there Tab leads to what can be done with it. */
function moveFocus(event: KeyboardEvent): void {
  const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  const box = event.currentTarget as HTMLElement;
  const target = event.target as HTMLElement;
  if (step === undefined || (target !== box && !target.matches('article'))) return;
  const messages = [...box.querySelectorAll<HTMLElement>('article')];
  const bottom = box.getBoundingClientRect().bottom;
  const at = target === box ? messages.findLastIndex((one) => one.getBoundingClientRect().top < bottom) + (step < 0 ? 1 : 0) : messages.indexOf(target);
  const next = messages[at + step];
  if (!next) return;
  event.preventDefault();
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: 'nearest' });
}

/** The last entry whose end is in view. */
function lastSeen(box: HTMLElement): number | undefined {
  const bottom = box.getBoundingClientRect().bottom + 1;
  const rows = [...box.querySelectorAll<HTMLElement>('[data-seq]')];
  const seen = rows.findLast((row) => row.getBoundingClientRect().bottom <= bottom);
  return seen && Number(seen.dataset.seq);
}

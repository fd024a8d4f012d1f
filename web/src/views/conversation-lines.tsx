import { useEffect, useRef, useState } from 'preact/hooks';
import type { Line } from '../model/lines';
import { shortTime } from '../model/time';
import { address } from '../route';
import { Avatar } from './avatar';
import { useChat } from './chat-context';
import { MuteIcon } from './icons';

/** The arrow keys move within the list, which is one stop for the tab key. */
export function ConversationLines({ lines, current }: { lines: readonly Line[]; current: string | undefined }) {
  const list = useRef<HTMLUListElement>(null);
  const [focused, setFocused] = useState(current);
  const addresses = lines.map(({ place }) => address(place));
  const reachable = [focused, current].find((one) => one !== undefined && addresses.includes(one)) ?? addresses[0];

  // Whoever leaves a chat by keyboard goes on at its place in the list.
  const before = useRef(current);
  useEffect(() => {
    if (before.current !== undefined && current === undefined && matchMedia('(hover: hover)').matches) {
      setFocused(before.current);
      list.current?.querySelector<HTMLElement>(`[href="${CSS.escape(before.current)}"]`)?.focus({ preventScroll: true });
    }
    before.current = current;
  }, [current]);

  function move(event: KeyboardEvent) {
    const links = [...list.current!.querySelectorAll<HTMLElement>('a')];
    const at = links.indexOf(document.activeElement as HTMLElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: links.length - 1 }[event.key];
    if (to === undefined || at < 0) return;
    event.preventDefault();
    links[Math.max(0, Math.min(links.length - 1, to))]!.focus();
  }

  return (
    <ul ref={list} onKeyDown={move}>
      {lines.map((line, at) => (
        <LineView
          key={addresses[at]} line={line} href={addresses[at]!} current={addresses[at] === current}
          reachable={addresses[at] === reachable} onFocus={() => setFocused(addresses[at])}
        />
      ))}
    </ul>
  );
}

interface LineProps {
  line: Line;
  href: string;
  current: boolean;
  reachable: boolean;
  onFocus(): void;
}

function LineView({ line: { title, group, at, preview, draft, typing, unread, muted, peer }, href, current, reachable, onFocus }: LineProps) {
  const { presence } = useChat();
  const online = peer !== undefined && presence.isOnline(peer);
  return (
    <li>
      <a
        href={href} class={`conversation${unread > 0 ? ' unread' : ''}`} tabIndex={reachable ? 0 : -1} onFocus={onFocus}
        aria-current={current ? 'page' : undefined} data-testid="conversation" data-title={title}
      >
        <Avatar name={title} group={group} online={online} />
        <span class="conversation-line">
          <span class="conversation-title">{title}</span>
          <time class="conversation-time" dateTime={new Date(at).toISOString()}>{shortTime(at)}</time>
        </span>
        <span class="conversation-line">
          <span class="conversation-preview" data-testid="preview">{typing ? <em>{preview}</em> : draft ? <><em class="draft">Draft: </em>{preview}</> : preview}</span>
          {muted && <span class="muted-mark" role="img" aria-label="Muted"><MuteIcon /></span>}
          {unread > 0 && <span class={muted ? 'badge quiet' : 'badge'} data-testid="unread"><span aria-hidden="true">{unread > 999 ? '999+' : unread}</span><span class="said">{unread} unread</span></span>}
        </span>
      </a>
    </li>
  );
}

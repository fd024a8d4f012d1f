import { useEffect } from 'preact/hooks';
import type { Conversation } from '@parley/sdk';
import { lastSeenText } from '../model/time';
import { titleOf } from '../model/wording';
import { go, type ChatRoute } from '../route';
import { Avatar } from './avatar';
import { useChat } from './chat-context';
import { Composer } from './composer';
import { BackIcon } from './icons';
import { MessageList } from './message-list';

/** One conversation, or the place for one with a user that has not begun. */
export function ChatView({ place }: { place: ChatRoute }) {
  const chat = useChat();
  const item = place.view === 'conversation' ? chat.conversations.find(place.conversation) : chat.conversations.direct(place.peer);

  // The first message to a user makes the conversation, and then the address is that of any other.
  const began = place.view === 'direct' ? item?.conversation : undefined;
  useEffect(() => {
    if (began !== undefined) go({ view: 'conversation', conversation: began }, 'replace');
  }, [began]);

  // A link may lead to a conversation that is far down the list.
  const asked = place.view === 'conversation' && !item ? place.conversation : undefined;
  const listed = chat.conversations.loaded.value;
  useEffect(() => {
    if (asked !== undefined && listed) void chat.conversations.fetch(asked);
  }, [asked, listed]);

  const title = item ? titleOf(item) : place.view === 'direct' ? place.peer : '';
  const destination = place.view === 'direct' ? { to: place.peer } : { conversation: place.conversation };
  return (
    <section class="chat" aria-label={title ? `Chat with ${title}` : 'Chat'} data-testid="chat">
      <header class="bar">
        <button type="button" class="icon-button back" aria-label="Back to conversations" title="Back" onClick={() => go({ view: 'list' })} data-testid="back"><BackIcon /></button>
        {title && <Avatar name={title} group={item?.kind === 'group'} />}
        <div class="chat-names">
          <h2 class="bar-title" data-testid="chat-title">{title || ' '}</h2>
          <Subtitle item={item} />
        </div>
      </header>
      <MessageList conversation={item?.conversation ?? (place.view === 'conversation' ? place.conversation : undefined)} item={item} peer={place.view === 'direct' ? place.peer : item?.peer} />
      {item?.role === 'reader'
        ? <p class="composer-closed">Only members who may write can send messages here.</p>
        : place.view === 'conversation' && listed && !item
          ? <p class="composer-closed" data-testid="not-a-member">You are not a member of this conversation.</p>
          : <Composer destination={destination} conversation={item?.conversation} />}
    </section>
  );
}

function Subtitle({ item }: { item: Conversation | undefined }) {
  const chat = useChat();
  const peer = item?.kind === 'direct' ? item.peer : undefined;
  useEffect(() => {
    if (peer !== undefined) chat.presence.watch(peer);
  }, [peer]);

  const text = item ? (typingText(chat.typing.in(item.conversation), item.kind === 'group') ?? (peer === undefined ? memberText(item) : presenceText(peer))) : '';
  return <p class="chat-status" data-testid="chat-status">{text}</p>;

  function memberText({ conversation, members }: Conversation): string {
    const names = chat.open(conversation).members.all.value.map(({ user }) => (user === chat.me ? 'you' : user));
    if (names.length === 0) return `${members} members`;
    return names.length > 12 ? `${members} members` : names.sort((a, b) => Number(a === 'you') - Number(b === 'you') || a.localeCompare(b)).join(', ');
  }

  function presenceText(user: string): string {
    const presence = chat.presence.of(user);
    if (!presence) return '';
    if (presence.status !== 'offline') return presence.status;
    return presence.lastSeen === undefined ? '' : lastSeenText(presence.lastSeen);
  }
}

function typingText(users: readonly string[], group: boolean): string | undefined {
  if (users.length === 0) return undefined;
  if (!group) return 'typing…';
  return users.length === 1 ? `${users[0]} is typing…` : `${users.length} people are typing…`;
}

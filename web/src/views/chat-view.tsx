import { useEffect, useState } from 'preact/hooks';
import type { Conversation, Destination, Message } from '@parley/sdk';
import { fresh, type Composition } from '../model/composition';
import { isMuted } from '../model/notifications';
import { placeName } from '../model/places';
import { titleOf } from '../model/wording';
import { details, go, type ChatRoute } from '../route';
import { Avatar } from './avatar';
import { useChat } from './chat-context';
import { ChatStatus } from './chat-status';
import { Composer } from './composer';
import { Confirm } from './confirm';
import { Details } from './details';
import { DropHint, useDrop } from './drop-zone';
import { BackIcon, InfoIcon, MuteIcon } from './icons';
import { MessageList } from './message-list';

/** One conversation, or the place for one with a user that has not begun. */
export function ChatView({ place }: { place: ChatRoute }) {
  const chat = useChat();
  const item = place.view === 'conversation' ? chat.conversations.find(place.conversation) : chat.conversations.direct(place.peer);
  const conversation = item?.conversation ?? (place.view === 'conversation' ? place.conversation : undefined);
  const [composition, setComposition] = useState<Composition>(fresh);
  const [deleting, setDeleting] = useState<Message>();

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
  const group = item?.kind === 'group';
  const destination: Destination = place.view === 'direct' ? { to: place.peer } : { conversation: place.conversation };
  const closed = item?.role === 'reader' ? 'Only members who may write can send messages here.'
    : place.view === 'conversation' && listed && !item ? 'You are not a member of this conversation.' : undefined;
  const drop = useDrop(closed ? undefined : (files) => chat.uploads.add(placeName(chat, place), files));
  const others = group && conversation !== undefined ? chat.open(conversation).members.all.value.map(({ user }) => user).filter((user) => user !== chat.me) : [];
  const at = place.view === 'conversation' ? place.at : undefined;

  return (
    <div class={`chat-and-details${details.value && item ? ' with-details' : ''}`}>
      <section class="chat" aria-label={title ? `Chat with ${title}` : 'Chat'} data-testid="chat" {...drop.handlers}>
        <header class="bar">
          <button type="button" class="icon-button back" aria-label="Back to conversations" title="Back" onClick={() => go({ view: 'list' })} data-testid="back"><BackIcon /></button>
          {title && <Avatar name={title} group={group} />}
          <div class="chat-names">
            <h2 class="bar-title" data-testid="chat-title">{title || ' '}</h2>
            <ChatStatus item={item} />
          </div>
          {isMuted(item) && <span class="muted-mark" role="img" aria-label="Muted" title="Muted"><MuteIcon /></span>}
          {item && (
            <button
              type="button" class="icon-button" aria-label={group ? 'About this group' : 'About this chat'} title="About" aria-expanded={details.value}
              onClick={() => (details.value = !details.value)} data-testid="about"
            ><InfoIcon /></button>
          )}
        </header>
        <MessageList
          conversation={conversation} item={item} peer={place.view === 'direct' ? place.peer : item?.peer} at={at}
          actions={{ reply: (to) => setComposition({ kind: 'reply', to }), edit: (message) => setComposition({ kind: 'edit', message }), delete: setDeleting }}
        />
        {closed !== undefined
          ? <p class="composer-closed" data-testid={item ? 'reader' : 'not-a-member'}>{closed}</p>
          : <Composer place={placeName(chat, place)} destination={destination} conversation={item?.conversation} members={others} composition={composition} onCompose={setComposition} lastOwn={() => lastOwn(item)} />}
        {drop.over && <DropHint />}
      </section>
      {details.value && item && <Details item={item} />}
      {deleting && (
        <Confirm title="Delete this message?" verb="Delete" onConfirm={() => chat.delete(deleting)} onCancel={() => setDeleting(undefined)}>
          It is deleted for everybody, and cannot be brought back.
        </Confirm>
      )}
    </div>
  );

  function lastOwn(item: Conversation | undefined): Message | undefined {
    if (!item) return undefined;
    const { entries } = chat.open(item.conversation).timeline;
    return entries.value.findLast((entry): entry is Message => entry.type === 'message' && entry.from === chat.me && !entry.deleted && entry.text !== undefined);
  }
}

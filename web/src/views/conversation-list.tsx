import { useEffect } from 'preact/hooks';
import { linesOf } from '../model/lines';
import { address, go, openChat } from '../route';
import { Avatar } from './avatar';
import { useChat } from './chat-context';
import { ConversationLines } from './conversation-lines';
import { GroupIcon, NewChatIcon, SearchIcon, SettingsIcon } from './icons';

export function ConversationList() {
  const chat = useChat();
  const { loaded, more } = chat.conversations;
  const { permission, wanted } = chat.notifications;
  const lines = linesOf(chat);
  const current = openChat.value && address(openChat.value);

  // Whose presence the list shows.
  const peers = lines.flatMap(({ peer }) => peer ?? []);
  useEffect(() => peers.forEach((peer) => chat.presence.watch(peer)), [peers.join(' ')]);

  return (
    <>
      <header class="bar side-bar">
        <Avatar name={chat.me} />
        <h1 class="bar-title" data-testid="me">{chat.me}</h1>
        <button type="button" class="icon-button" aria-label="Search messages" title="Search" onClick={() => go({ view: 'search' })} data-testid="search"><SearchIcon /></button>
        <button type="button" class="icon-button" aria-label="New chat" title="New chat" onClick={() => go({ view: 'new' })} data-testid="new-chat"><NewChatIcon /></button>
        <button type="button" class="icon-button" aria-label="New group" title="New group" onClick={() => go({ view: 'new-group' })} data-testid="new-group"><GroupIcon /></button>
        <button type="button" class="icon-button" aria-label="Settings" title="Settings" onClick={() => go({ view: 'settings' })} data-testid="open-settings"><SettingsIcon /></button>
      </header>
      <nav class="conversations" aria-label="Conversations" data-testid="conversations" data-loaded={loaded.value}
        onScroll={({ currentTarget }) => {
          const left = currentTarget.scrollHeight - currentTarget.scrollTop - currentTarget.clientHeight;
          if (left < 400 && more.value) void chat.conversations.older().catch(() => {});
        }}
      >
        {permission.value === 'default' && wanted.value && lines.length > 0 && <AskForNotifications />}
        {lines.length > 0 && <ConversationLines lines={lines} current={current} />}
        {lines.length === 0 && (loaded.value ? <NoConversations /> : <Loading />)}
      </nav>
    </>
  );
}

/** Browsers want permission to be asked for by a click. */
function AskForNotifications() {
  const { notifications } = useChat();
  return (
    <div class="ask-row" data-testid="ask-notifications">
      <span>Be told about new messages?</span>
      <button type="button" class="link" onClick={() => void notifications.turn(true)}>Turn on</button>
      <button type="button" class="link" onClick={() => void notifications.turn(false)} data-testid="no-notifications">No</button>
    </div>
  );
}

function NoConversations() {
  return (
    <div class="empty">
      <p>No conversations yet.</p>
      <button type="button" class="primary" onClick={() => go({ view: 'new' })}>Start a chat</button>
    </div>
  );
}

function Loading() {
  return (
    <div class="loading-list" aria-label="Loading conversations" role="status">
      {[0, 1, 2, 3].map((row) => <span key={row} class="loading-row"><i /><b /><b /></span>)}
    </div>
  );
}

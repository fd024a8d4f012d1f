import { useState } from 'preact/hooks';
import { device, account, signOut } from '../model/account';
import { linesOf } from '../model/lines';
import { revokeDevice } from '../model/revoke-device';
import { address, go, openChat } from '../route';
import { Avatar } from './avatar';
import { useChat } from './chat-context';
import { ConfirmLogOut } from './confirm-log-out';
import { ConversationLines } from './conversation-lines';
import { GroupIcon, LogOutIcon, NewChatIcon } from './icons';

export function ConversationList() {
  const chat = useChat();
  const { loaded, more } = chat.conversations;
  const [asking, setAsking] = useState(false);
  const lines = linesOf(chat);
  const current = openChat.value && address(openChat.value);

  function logOut() {
    const session = account.value;
    chat.outbox.clear();
    if (session) void revokeDevice(session.token, device());
    signOut();
    go({ view: 'list' });
  }

  return (
    <>
      <header class="bar side-bar">
        <Avatar name={chat.me} />
        <h1 class="bar-title" data-testid="me">{chat.me}</h1>
        <button type="button" class="icon-button" aria-label="New chat" title="New chat" onClick={() => go({ view: 'new' })} data-testid="new-chat"><NewChatIcon /></button>
        <button type="button" class="icon-button" aria-label="New group" title="New group" onClick={() => go({ view: 'new-group' })} data-testid="new-group"><GroupIcon /></button>
        <button
          type="button" class="icon-button" aria-label="Log out" title="Log out" data-testid="log-out"
          onClick={() => (chat.outbox.messages.value.length > 0 ? setAsking(true) : logOut())}
        ><LogOutIcon /></button>
      </header>
      <nav class="conversations" aria-label="Conversations" data-testid="conversations" data-loaded={loaded.value}
        onScroll={({ currentTarget }) => {
          const left = currentTarget.scrollHeight - currentTarget.scrollTop - currentTarget.clientHeight;
          if (left < 400 && more.value) void chat.conversations.older().catch(() => {});
        }}
      >
        {lines.length > 0 && <ConversationLines lines={lines} current={current} />}
        {lines.length === 0 && (loaded.value ? <NoConversations /> : <Loading />)}
      </nav>
      {asking && <ConfirmLogOut unsent={chat.outbox.messages.value.length} onConfirm={logOut} onCancel={() => setAsking(false)} />}
    </>
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

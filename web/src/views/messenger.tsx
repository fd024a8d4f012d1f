import { useEffect, useMemo } from 'preact/hooks';
import { Chat } from '../model/chat';
import { details, go, openChat, panel, route } from '../route';
import { ChatContext } from './chat-context';
import { placeName } from '../model/places';
import { ChatView } from './chat-view';
import { ConnectionBanner } from './connection-banner';
import { ConversationList } from './conversation-list';
import { NewChat } from './new-chat';
import { NewGroup } from './new-group';
import { SearchPanel } from './search-panel';
import { Settings } from './settings';
import { Toast } from './toast';
import { Logo } from './icons';

/** What a signed-in user sees: the list and, beside it or instead of it, a chat. */
export function Messenger({ user }: { user: string }) {
  const chat = useMemo(() => new Chat(user), [user]);
  useEffect(() => {
    chat.start();
    const ignore = chat.presence.followAttention();
    return () => {
      ignore();
      chat.close();
    };
  }, [chat]);

  const { unread } = chat.conversations;
  useEffect(() => {
    document.title = unread.value > 0 ? `(${unread.value}) Parley` : 'Parley';
  }, [unread.value]);
  useEffect(() => () => void (document.title = 'Parley'), []);

  useEffect(() => {
    const back = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || event.defaultPrevented || document.querySelector('dialog[open]')) return;
      if (details.value) details.value = false;
      else if (route.value.view !== 'list') go({ view: 'list' });
    };
    addEventListener('keydown', back);
    return () => removeEventListener('keydown', back);
  }, []);

  const { view } = route.value;
  const shown = openChat.value;
  const onChat = view === 'conversation' || view === 'direct';
  return (
    <ChatContext.Provider value={chat}>
      <div class="shell" data-screen={onChat ? 'chat' : 'list'}>
        <ConnectionBanner />
        <aside class="side">
          <Panel />
        </aside>
        <main class="stage">
          {shown ? <ChatView key={placeName(chat, shown)} place={shown} /> : <NothingOpen />}
        </main>
        <Toast />
      </div>
    </ChatContext.Provider>
  );
}

function Panel() {
  switch (panel.value) {
    case 'new':
      return <NewChat />;
    case 'new-group':
      return <NewGroup />;
    case 'search':
      return <SearchPanel />;
    case 'settings':
      return <Settings />;
    default:
      return <ConversationList />;
  }
}

function NothingOpen() {
  return (
    <div class="nothing-open">
      <Logo />
      <p>Pick a conversation, or start a new one.</p>
    </div>
  );
}

import { useEffect } from 'preact/hooks';
import type { Conversation } from '@parley/sdk';
import { lastSeenText } from '../model/time';
import { useChat } from './chat-context';

/** The line below the title: who is typing, else whether the other is online or who the members are. */
export function ChatStatus({ item }: { item: Conversation | undefined }) {
  const chat = useChat();
  const peer = item?.kind === 'direct' ? item.peer : undefined;
  useEffect(() => {
    if (peer !== undefined) chat.presence.watch(peer);
  }, [peer]);

  const text = item ? (typingText(chat.typing.in(item.conversation), item.kind === 'group') ?? (peer === undefined ? memberText(item) : presenceText(peer))) : '';
  return <p class="chat-status" role="status" data-testid="chat-status">{text}</p>;

  function memberText({ conversation, members }: Conversation): string {
    const names = chat.open(conversation).members.all.value.map(({ user }) => (user === chat.me ? 'you' : user));
    if (names.length === 0) return `${members} members`;
    return names.length > 12 ? `${members} members` : names.sort((a, b) => Number(a === 'you') - Number(b === 'you') || a.localeCompare(b)).join(', ');
  }

  function presenceText(user: string): string {
    const presence = chat.presence.of(user);
    if (!presence) return '';
    if (presence.status !== 'offline') return presence.status;
    return presence.lastSeen === undefined ? 'offline' : lastSeenText(presence.lastSeen);
  }
}

function typingText(users: readonly string[], group: boolean): string | undefined {
  if (users.length === 0) return undefined;
  if (!group) return 'typing…';
  return users.length === 1 ? `${users[0]} is typing…` : `${users.length} people are typing…`;
}

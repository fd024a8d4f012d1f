import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Chat } from '../model/chat';

export const ChatContext = createContext<Chat | undefined>(undefined);

export function useChat(): Chat {
  const chat = useContext(ChatContext);
  if (!chat) throw new Error('this view belongs inside a messenger');
  return chat;
}

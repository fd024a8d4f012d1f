import type { ChatRoute } from '../route';
import type { Chat } from './chat';

/**
 * One name for a chat, by which drafts and files in waiting are kept. That of a 1:1 is the other user's, so
 * that it stays when the first message makes the conversation.
 */
export function placeName(chat: Chat, place: ChatRoute): string {
  if (place.view === 'direct') return `to ${place.peer}`;
  const peer = chat.conversations.find(place.conversation)?.peer;
  return peer === undefined ? place.conversation : `to ${peer}`;
}

import type { ChatRoute } from '../route';
import type { Chat } from './chat';
import { previewOf, titleOf } from './wording';

/** One line of the conversation list. */
export interface Line {
  place: ChatRoute;
  title: string;
  group: boolean;
  at: number;
  preview: string;
  typing: boolean;
  unread: number;
}

/** The conversations, and in front of them the users that were written to but have got nothing yet. */
export function linesOf(chat: Chat): Line[] {
  const unsent = chat.outbox.messages.value;
  const beginnings = unsent.filter(({ to }, at) => to !== undefined && !chat.conversations.direct(to) && unsent.findLastIndex((other) => other.to === to) === at);
  return [
    ...beginnings.map(({ to, text, at }) => ({
      place: { view: 'direct' as const, peer: to! }, title: to!, group: false, at, preview: `You: ${text}`, typing: false, unread: 0,
    })),
    ...chat.conversations.sorted.value.map((item) => {
      const { conversation, kind, peer, unread, last, createdAt } = item;
      const group = kind === 'group';
      const typing = chat.typing.in(conversation);
      const waiting = unsent.findLast((message) => message.conversation === conversation || (!group && message.to === peer));
      return {
        place: { view: 'conversation' as const, conversation },
        title: titleOf(item),
        group,
        at: waiting?.at ?? last?.ts ?? createdAt,
        preview: typing.length > 0 ? (group ? `${typing[0]} is typing…` : 'typing…') : waiting ? `You: ${waiting.text}` : previewOf(item, chat.me),
        typing: typing.length > 0,
        unread,
      };
    }),
  ];
}

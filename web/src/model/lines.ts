import { openChat, type ChatRoute } from '../route';
import type { Chat } from './chat';
import { isMuted } from './notifications';
import { previewOf, titleOf } from './wording';

/** One line of the conversation list. */
export interface Line {
  place: ChatRoute;
  title: string;
  group: boolean;
  at: number;
  preview: string;
  /** Something was begun here and not sent. */
  draft: boolean;
  typing: boolean;
  unread: number;
  muted: boolean;
  /** The other user of a 1:1, whose presence is shown. */
  peer?: string;
}

/** The conversations, and in front of them the users that were written to but have got nothing yet. */
export function linesOf(chat: Chat): Line[] {
  const unsent = chat.outbox.messages.value;
  const beginnings = unsent.filter(({ to }, at) => to !== undefined && !chat.conversations.direct(to) && unsent.findLastIndex((other) => other.to === to) === at);
  return [
    ...beginnings.map(({ to, text, at }) => ({
      place: { view: 'direct' as const, peer: to! }, title: to!, group: false, at, preview: `You: ${text}`,
      draft: false, typing: false, unread: 0, muted: false,
    })),
    ...chat.conversations.sorted.value.map((item) => {
      const { conversation, kind, peer, unread, last, createdAt } = item;
      const group = kind === 'group';
      const typing = chat.typing.in(conversation);
      // The open chat shows its draft where it is written.
      const draft = isOpen(conversation) ? '' : chat.drafts.get(peer === undefined ? conversation : `to ${peer}`);
      const waiting = unsent.findLast((message) => message.conversation === conversation || (!group && message.to === peer));
      return {
        place: { view: 'conversation' as const, conversation },
        title: titleOf(item),
        group,
        at: waiting?.at ?? last?.ts ?? createdAt,
        preview: preview(),
        draft: draft !== '',
        typing: typing.length > 0,
        unread,
        muted: isMuted(item),
        ...(peer !== undefined && { peer }),
      };

      function preview(): string {
        if (typing.length > 0) return group ? `${typing[0]} is typing…` : 'typing…';
        if (waiting) return `You: ${waiting.text || 'Attachment'}`;
        return draft || previewOf(item, chat.me);
      }
    }),
  ];
}

function isOpen(conversation: string): boolean {
  const open = openChat.value;
  return open?.view === 'conversation' && open.conversation === conversation;
}

import type { Message } from '@parley/sdk';
import { messageText } from '../model/wording';
import { go } from '../route';
import { hueOf } from './avatar';
import { useChat } from './chat-context';

/** The message that another one answers, in short; a click leads to it. */
export function Quote({ conversation, seq }: { conversation: string; seq: number }) {
  const chat = useChat();
  const loaded = chat.open(conversation).timeline.find(seq);
  const message = loaded?.type === 'message' ? loaded : chat.quotes.find(conversation, seq);
  const from = message && (message.from === chat.me ? 'You' : message.from);
  return (
    <button type="button" class={`quote hue-${hueOf(message?.from ?? '')}`} onClick={() => go({ view: 'conversation', conversation, at: seq })} data-testid="quote">
      <span class="said">In reply to </span>
      <span class="quote-author">{from ?? 'A message'}</span>
      <span class="quote-text">{message ? quoteText(message) : ' '}</span>
    </button>
  );
}

export function quoteText(message: Message): string {
  const text = messageText(message).replace(/\s+/g, ' ');
  return text.length > 160 ? `${text.slice(0, 158)}…` : text;
}

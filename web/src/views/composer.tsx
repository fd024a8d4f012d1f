import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { useChat } from './chat-context';
import { SendIcon } from './icons';

// What was begun in one chat is still there after a look at another.
const drafts = new Map<string, string>();

interface Props {
  destination: { conversation: string } | { to: string };
  conversation: string | undefined;
}

/** Where messages are written: Enter sends, Shift+Enter begins a new line. */
export function Composer({ destination, conversation }: Props) {
  const chat = useChat();
  const place = 'to' in destination ? `to ${destination.to}` : destination.conversation;
  const [text, setText] = useState(drafts.get(`${chat.me}/${place}`) ?? '');
  const field = useRef<HTMLTextAreaElement>(null);

  useEffect(() => {
    // On a phone the keyboard would jump over what one wants to read first.
    if (matchMedia('(hover: hover)').matches) field.current!.focus();
  }, [place]);

  useLayoutEffect(() => {
    // The field is as high as its text; the style sheet says how high it may get.
    field.current!.style.height = 'auto';
    field.current!.style.height = `${field.current!.scrollHeight}px`;
  }, [text]);

  function write(next: string) {
    setText(next);
    if (next) drafts.set(`${chat.me}/${place}`, next);
    else drafts.delete(`${chat.me}/${place}`);
    if (conversation !== undefined) chat.typing.tell(conversation, next.trim() !== '');
  }

  function send() {
    if (!text.trim()) return;
    chat.send(destination, text.trim());
    setText('');
    drafts.delete(`${chat.me}/${place}`);
    field.current!.focus();
  }

  return (
    <form class="composer" onSubmit={(event) => { event.preventDefault(); send(); }}>
      <textarea
        ref={field} rows={1} value={text} placeholder="Message" aria-label="Message" maxLength={16_000} enterkeyhint="send" data-testid="composer"
        onInput={(event) => write(event.currentTarget.value)}
        onKeyDown={(event) => {
          // Enter that ends the choice of a word in an input method is not meant for the message.
          if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
          event.preventDefault();
          send();
        }}
      />
      <button type="submit" class="send" aria-label="Send" title="Send" disabled={!text.trim()} data-testid="send"><SendIcon /></button>
    </form>
  );
}

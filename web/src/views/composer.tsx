import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Destination, Message } from '@parley/sdk';
import { fresh, type Composition } from '../model/composition';
import { completeMention, mentionBegun, mentionsIn } from '../model/mentions';
import { useChat } from './chat-context';
import { ComposerContext } from './composer-context';
import { AttachIcon, SendIcon } from './icons';
import { MentionChoice, useMentionChoice } from './mention-choice';
import { UploadTray } from './upload-tray';

interface Props {
  /** The name under which drafts and files are kept. */
  place: string;
  destination: Destination;
  conversation: string | undefined;
  /** Those who can be mentioned; nobody in a 1:1. */
  members: readonly string[];
  composition: Composition;
  onCompose(next: Composition): void;
  /** The user's last message, which the arrow key brings back to be edited. */
  lastOwn(): Message | undefined;
}

/** Where messages are written: Enter sends, Shift+Enter begins a new line. */
export function Composer({ place, destination, conversation, members, composition, onCompose, lastOwn }: Props) {
  const chat = useChat();
  const [text, setText] = useState(chat.drafts.get(place));
  const [caret, setCaret] = useState(0);
  const field = useRef<HTMLTextAreaElement>(null);
  const picker = useRef<HTMLInputElement>(null);
  const uploads = chat.uploads.in(place);
  const uploading = uploads.some(({ stored, failure }) => !stored && failure === undefined);
  const attached = uploads.some(({ stored }) => stored);
  const editing = composition.kind === 'edit';
  const ready = !uploading && (text.trim() !== '' || (attached && !editing));

  const mentions = useMentionChoice(mentionBegun(text, caret), members, (user) => {
    const done = completeMention(text, caret, user);
    write(done.text);
    field.current!.focus();
    requestAnimationFrame(() => {
      field.current?.setSelectionRange(done.caret, done.caret);
      setCaret(done.caret);
    });
  });

  useEffect(() => {
    // On a phone the keyboard would jump over what one wants to read first.
    if (matchMedia('(hover: hover)').matches) field.current!.focus();
  }, [place]);

  // An edit begins with the text as it is, and afterwards what was begun before is back.
  useLayoutEffect(() => {
    if (composition.kind === 'edit') setText(composition.message.text ?? '');
    if (composition.kind !== 'new') field.current!.focus();
    return () => {
      if (composition.kind === 'edit') setText(chat.drafts.get(place));
    };
  }, [composition]);

  useLayoutEffect(() => {
    // The field is as high as its text; the style sheet says how high it may get.
    field.current!.style.height = 'auto';
    field.current!.style.height = `${field.current!.scrollHeight}px`;
  }, [text]);

  function write(next: string) {
    setText(next);
    if (editing) return;
    chat.drafts.put(place, next);
    if (conversation !== undefined) chat.typing.tell(conversation, next.trim() !== '');
  }

  function send() {
    if (!ready) return;
    const said = text.trim();
    if (composition.kind === 'edit') {
      if (said !== composition.message.text) chat.edit(composition.message, said);
    } else {
      const replyTo = composition.kind === 'reply' ? composition.to.seq : undefined;
      chat.send(destination, {
        text: said, mentions: mentionsIn(said, members), attachments: chat.uploads.take(place), ...(replyTo !== undefined && { replyTo }),
      });
      chat.drafts.put(place, '');
      setText('');
    }
    onCompose(fresh);
    field.current!.focus();
  }

  function key(event: KeyboardEvent) {
    // What is pressed to choose a word in an input method is not meant for the message.
    if (event.isComposing || mentions.key(event)) return;
    if (event.key === 'Escape' && composition.kind !== 'new') {
      event.preventDefault();
      onCompose(fresh);
    } else if (event.key === 'ArrowUp' && text === '' && composition.kind === 'new') {
      const message = lastOwn();
      if (!message) return;
      event.preventDefault();
      onCompose({ kind: 'edit', message });
    } else if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      send();
    }
  }

  function paste(event: ClipboardEvent) {
    const files = [...(event.clipboardData?.files ?? [])];
    if (files.length === 0 || editing) return;
    event.preventDefault();
    chat.uploads.add(place, files);
  }

  return (
    <form class="composer" onSubmit={(event) => { event.preventDefault(); send(); }}>
      {mentions.choices.length > 0 && <MentionChoice choice={mentions} />}
      {composition.kind !== 'new' && <ComposerContext composition={composition} onCancel={() => onCompose(fresh)} />}
      {!editing && uploads.length > 0 && <UploadTray uploads={uploads} />}
      <div class="composer-row">
        <input
          ref={picker} type="file" multiple hidden data-testid="file-input"
          onChange={({ currentTarget }) => {
            chat.uploads.add(place, [...(currentTarget.files ?? [])]);
            currentTarget.value = '';
            field.current!.focus();
          }}
        />
        <button type="button" class="icon-button attach" aria-label="Attach files" title="Attach files" disabled={editing} onClick={() => picker.current!.click()} data-testid="attach"><AttachIcon /></button>
        <textarea
          ref={field} rows={1} value={text} placeholder="Message" aria-label="Message" maxLength={16_000} enterkeyhint="send" data-testid="composer"
          aria-autocomplete={members.length > 0 ? 'list' : undefined} aria-controls={mentions.choices.length > 0 ? 'mentions' : undefined} aria-activedescendant={mentions.activeId}
          onInput={({ currentTarget }) => { write(currentTarget.value); setCaret(currentTarget.selectionStart); }}
          onSelect={({ currentTarget }) => setCaret(currentTarget.selectionStart)} onKeyDown={key} onPaste={paste}
        />
        <button type="submit" class="send" aria-label={editing ? 'Save' : 'Send'} title={editing ? 'Save' : 'Send'} disabled={!ready} data-testid="send"><SendIcon /></button>
      </div>
    </form>
  );
}

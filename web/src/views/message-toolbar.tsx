import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Message } from '@parley/sdk';
import { useChat } from './chat-context';
import { DeleteIcon, EditIcon, ReactIcon, ReplyIcon } from './icons';
import type { MessageActions } from './message';

const choices = ['👍', '❤️', '😂', '😮', '😢', '🙏', '🎉', '🔥', '👏', '✅', '👀', '💯'];

/** What can be done with the message that is pointed at or has the focus. */
export function MessageToolbar({ message, actions }: { message: Message; actions: MessageActions }) {
  const chat = useChat();
  const [choosing, setChoosing] = useState<'up' | 'down'>();
  const { mayWrite, mayEdit, mayDelete } = actions;
  if (!mayWrite && !mayEdit && !mayDelete) return null;

  // The choice opens to where there is room for it.
  function toggle({ currentTarget }: { currentTarget: HTMLElement }) {
    const low = currentTarget.getBoundingClientRect().bottom > innerHeight * 0.6;
    setChoosing(choosing ? undefined : low ? 'up' : 'down');
  }

  return (
    <div class="toolbar" role="group" aria-label="Message actions">
      {mayWrite && (
        <button type="button" class="tool" aria-label="React" title="React" aria-expanded={choosing !== undefined} onClick={toggle} data-testid="react"><ReactIcon /></button>
      )}
      {mayWrite && <button type="button" class="tool" aria-label="Reply" title="Reply" onClick={() => actions.reply(message)} data-testid="reply"><ReplyIcon /></button>}
      {mayEdit && <button type="button" class="tool" aria-label="Edit" title="Edit" onClick={() => actions.edit(message)} data-testid="edit"><EditIcon /></button>}
      {mayDelete && <button type="button" class="tool" aria-label="Delete" title="Delete" onClick={() => actions.delete(message)} data-testid="delete"><DeleteIcon /></button>}
      {choosing && <Choices way={choosing} onChoose={(key) => { chat.react(message, key); setChoosing(undefined); }} onClose={() => setChoosing(undefined)} />}
    </div>
  );
}

function Choices({ way, onChoose, onClose }: { way: 'up' | 'down'; onChoose(key: string): void; onClose(): void }) {
  const box = useRef<HTMLDivElement>(null);
  // Before anything is painted: whoever sees the choices and presses a key means them.
  useLayoutEffect(() => box.current!.querySelector('button')!.focus({ preventScroll: true }), []);

  function move(event: KeyboardEvent) {
    const buttons = [...box.current!.querySelectorAll('button')];
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 6, ArrowUp: -6 }[event.key];
    if (event.key === 'Escape') onClose();
    else if (step === undefined) return;
    else buttons[buttons.indexOf(document.activeElement as HTMLButtonElement) + step]?.focus({ preventScroll: true });
    event.preventDefault();
    event.stopPropagation();
  }

  return (
    <div class={`choices ${way}`} ref={box} role="group" aria-label="Choose a reaction" onKeyDown={move} data-testid="reaction-choices">
      {choices.map((key) => <button key={key} type="button" onClick={() => onChoose(key)} data-key={key} aria-label={`React with ${key}`}>{key}</button>)}
    </div>
  );
}

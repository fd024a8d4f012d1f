import { useEffect, useRef, useState } from 'preact/hooks';
import type { Conversation } from '@parley/sdk';
import { titleOf } from '../model/wording';
import { useChat } from './chat-context';
import { EditIcon } from './icons';

/** The title of a group, to be changed in place. */
export function RenameGroup({ item, attempt }: { item: Conversation; attempt(work: () => Promise<unknown>): Promise<boolean> }) {
  const chat = useChat();
  const [editing, setEditing] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (editing) field.current!.select();
  }, [editing]);

  async function save(event: Event) {
    event.preventDefault();
    const title = field.current!.value.trim();
    if (title === item.title || (await attempt(() => chat.client.update(item.conversation, { title })))) setEditing(false);
  }

  if (!editing) {
    return (
      <h3>
        {titleOf(item)}
        <button type="button" class="icon-button" aria-label="Rename group" title="Rename" onClick={() => setEditing(true)} data-testid="rename"><EditIcon /></button>
      </h3>
    );
  }
  return (
    <form class="rename field-row" onSubmit={save}>
      <label class="field">
        <span class="said">Title</span>
        <input
          ref={field} defaultValue={item.title} required maxLength={128} autocomplete="off" data-testid="rename-title"
          onKeyDown={(event) => {
            if (event.key !== 'Escape') return;
            event.preventDefault();
            setEditing(false);
          }}
        />
      </label>
      <button type="submit" class="primary" data-testid="rename-save">Save</button>
    </form>
  );
}

import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { Avatar } from './avatar';
import { useChat } from './chat-context';
import { CloseIcon, PlusIcon } from './icons';
import { UserOptions } from './user-options';
import { useUserSearch } from './user-search';

interface Props {
  label: string;
  users: readonly string[];
  /** What stands in the field; the form takes it in when it is submitted. */
  typed: string;
  onType(typed: string): void;
  /** Who is there already. */
  except?: readonly string[];
  onChange(users: readonly string[]): void;
}

/** The user names in a text. */
export function namesIn(typed: string): string[] {
  return typed.split(/[\s,;]+/).filter(Boolean);
}

/** Users by search or by name; several names may be typed or pasted at once. */
export function MemberPicker({ label, users, typed, onType, except = [], onChange }: Props) {
  const chat = useChat();
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  const [active, setActive] = useState(-1);
  const found = useUserSearch(typed.trim(), [...except, ...users]);
  useEffect(() => setActive(-1), [typed]);

  function add(names: readonly string[]) {
    onChange([...new Set([...users, ...names.filter((user) => user !== chat.me && !except.includes(user))])]);
    onType('');
  }

  const addTyped = () => add(namesIn(typed));

  function key(event: KeyboardEvent) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && found.length > 0) setActive(Math.max(-1, Math.min(found.length - 1, active + step)));
    else if (event.key === 'Enter' && active >= 0) add([found[active]!.user]);
    else if (event.key === 'Enter' && typed.trim()) addTyped();
    else return;
    event.preventDefault();
  }

  return (
    <div class="field">
      <label for={id}>{label}</label>
      <div class="field-row">
        <input
          id={id} ref={field} value={typed} maxLength={1000} autocapitalize="none" autocomplete="off" spellcheck={false} placeholder="User name" role="combobox"
          aria-expanded={found.length > 0} aria-controls={`${id}-users`} aria-autocomplete="list" aria-activedescendant={active >= 0 ? `${id}-users-${active}` : undefined}
          onInput={({ currentTarget }) => onType(currentTarget.value)} onKeyDown={key}
          data-testid="group-member"
        />
        <button type="button" class="icon-button framed" aria-label="Add member" title="Add" onClick={() => { addTyped(); field.current!.focus(); }} data-testid="group-member-add"><PlusIcon /></button>
      </div>
      <UserOptions id={`${id}-users`} users={found} active={active} onChoose={(user) => add([user])} />
      {users.length > 0 && (
        <ul class="chips" aria-label="Members to add">
          {users.map((user) => (
            <li key={user} class="chip" data-testid="chip">
              <Avatar name={user} small />
              <span>{user}</span>
              <button type="button" aria-label={`Take ${user} out`} onClick={() => onChange(users.filter((other) => other !== user))}><CloseIcon /></button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

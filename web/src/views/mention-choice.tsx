import { useEffect, useState } from 'preact/hooks';
import { Avatar } from './avatar';

const choicesMax = 6;

export interface MentionChoices {
  choices: readonly string[];
  active: number;
  activeId: string | undefined;
  choose(user: string): void;
  /** Takes a key that is meant for the choice; says whether it was. */
  key(event: KeyboardEvent): boolean;
}

/** Which members begin like the name that is being typed, and which of them is about to be taken. */
export function useMentionChoice(begun: string | undefined, members: readonly string[], choose: (user: string) => void): MentionChoices {
  const [active, setActive] = useState(0);
  const [closedFor, setClosedFor] = useState<string>();
  useEffect(() => setActive(0), [begun]);

  const typed = begun?.toLowerCase();
  const fitting = typed === undefined || begun === closedFor ? [] : members.filter((user) => user.toLowerCase().startsWith(typed));
  // A name that is typed in full needs no help.
  const choices = fitting.length === 1 && fitting[0] === begun ? [] : fitting.slice(0, choicesMax);

  function key(event: KeyboardEvent): boolean {
    if (choices.length === 0) return false;
    if (event.key === 'ArrowDown') setActive((active + 1) % choices.length);
    else if (event.key === 'ArrowUp') setActive((active + choices.length - 1) % choices.length);
    else if (event.key === 'Enter' || event.key === 'Tab') choose(choices[active]!);
    else if (event.key === 'Escape') setClosedFor(begun);
    else return false;
    event.preventDefault();
    return true;
  }

  return { choices, active, activeId: choices.length > 0 ? `mention-${active}` : undefined, choose, key };
}

export function MentionChoice({ choice: { choices, active, choose } }: { choice: MentionChoices }) {
  return (
    <ul class="mention-choice" id="mentions" role="listbox" aria-label="Members to mention" data-testid="mentions">
      {choices.map((user, at) => (
        <li
          key={user} id={`mention-${at}`} role="option" aria-selected={at === active} class={at === active ? 'active' : ''}
          onMouseDown={(event) => { event.preventDefault(); choose(user); }}
        ><Avatar name={user} small /><span>{user}</span></li>
      ))}
    </ul>
  );
}

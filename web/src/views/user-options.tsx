import type { Profile } from '@parley/sdk';
import { Avatar } from './avatar';

interface Props {
  id: string;
  users: readonly Profile[];
  active: number;
  onChoose(user: string): void;
}

/** What a search for users found, below the field that asked. */
export function UserOptions({ id, users, active, onChoose }: Props) {
  return (
    <ul class={users.length > 0 ? 'options' : 'options empty-options'} id={id} role="listbox" aria-label="Users found">
      {users.map(({ user, name }, at) => (
        <li
          key={user} id={`${id}-${at}`} role="option" aria-selected={at === active} class={at === active ? 'active' : ''} data-testid="user-option" data-user={user}
          onMouseDown={(event) => { event.preventDefault(); onChoose(user); }}
        >
          <Avatar name={user} small />
          <span>{user}{name && name !== user && <span class="option-name"> {name}</span>}</span>
        </li>
      ))}
    </ul>
  );
}

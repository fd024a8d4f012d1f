import { useState } from 'preact/hooks';
import { useChat } from './chat-context';
import { MemberPicker, namesIn } from './member-picker';

interface Props {
  conversation: string;
  attempt(work: () => Promise<unknown>): Promise<boolean>;
}

/** Brings users into a group. */
export function AddMembers({ conversation, attempt }: Props) {
  const chat = useChat();
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [typed, setTyped] = useState('');
  const users = [...new Set([...chosen, ...namesIn(typed)])];
  const present = chat.open(conversation).members.all.value.map(({ user }) => user);

  async function add(event: Event) {
    event.preventDefault();
    if (users.length === 0 || !(await attempt(() => chat.client.add(conversation, users)))) return;
    setChosen([]);
    setTyped('');
  }

  return (
    <form class="details-part" aria-label="Add members" onSubmit={add}>
      <MemberPicker label="Add members" users={chosen} typed={typed} onType={setTyped} except={present} onChange={setChosen} />
      {users.length > 0 && <button type="submit" class="primary" data-testid="add-members">Add {users.length === 1 ? users[0] : `${users.length} members`}</button>}
    </form>
  );
}

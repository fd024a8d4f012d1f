import type { Conversation, Member, Role } from '@parley/sdk';
import { useChat } from './chat-context';
import { Avatar } from './avatar';
import { CloseIcon } from './icons';

const rank: Record<Role, number> = { owner: 3, admin: 2, member: 1, reader: 0 };
const roles: Role[] = ['owner', 'admin', 'member', 'reader'];

interface Props {
  item: Conversation;
  attempt(work: () => Promise<unknown>): Promise<boolean>;
}

/** The members of a group with their roles; what the user may change can be changed. */
export function MemberList({ item, attempt }: Props) {
  const chat = useChat();
  const { conversation, role } = item;
  const members = [...chat.open(conversation).members.all.value].sort((a, b) => rank[b.role] - rank[a.role] || a.user.localeCompare(b.user));
  return (
    <section class="details-part" aria-labelledby="members-title">
      <h3 id="members-title">Members</h3>
      <ul class="members" data-testid="members">
        {members.map((member) => <li key={member.user} data-testid="member" data-user={member.user} data-role={member.role}>{line(member)}</li>)}
      </ul>
    </section>
  );

  function line({ user, role: theirs }: Member) {
    const me = user === chat.me;
    const below = rank[theirs] < rank[role];
    return (
      <>
        <Avatar name={user} small />
        <span class="member-name">{user}{me && <span class="details-note"> (you)</span>}</span>
        {role === 'owner' && below && !me
          ? (
            <select aria-label={`Role of ${user}`} value={theirs} onChange={({ currentTarget }) => void attempt(() => chat.client.role(conversation, user, currentTarget.value as Role))} data-testid="member-role">
              {roles.map((one) => <option key={one} value={one}>{one}</option>)}
            </select>
          )
          : <span class="role">{theirs === 'member' ? '' : theirs}</span>}
        {(role === 'owner' || role === 'admin') && below && !me && (
          <button type="button" class="tray-remove" aria-label={`Remove ${user}`} title="Remove" onClick={() => void attempt(() => chat.client.remove(conversation, [user]))} data-testid="member-remove"><CloseIcon /></button>
        )}
      </>
    );
  }
}

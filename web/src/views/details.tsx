import { useState } from 'preact/hooks';
import type { Conversation } from '@parley/sdk';
import { isMuted } from '../model/notifications';
import { titleOf } from '../model/wording';
import { details, go } from '../route';
import { AddMembers } from './add-members';
import { Avatar } from './avatar';
import { useChat } from './chat-context';
import { Confirm } from './confirm';
import { CloseIcon } from './icons';
import { MemberList } from './member-list';
import { RenameGroup } from './rename-group';

// "For ever", as far as a chat is concerned.
const alwaysMs = 10 * 365 * 86_400_000;
const mutes = [['for 1 hour', 3_600_000], ['for 8 hours', 28_800_000], ['always', alwaysMs]] as const;

/** What can be set for a conversation, and who is in it. */
export function Details({ item }: { item: Conversation }) {
  const chat = useChat();
  const { conversation, kind, peer, role } = item;
  const [failure, setFailure] = useState('');
  const [leaving, setLeaving] = useState(false);
  const group = kind === 'group';
  const rules = role === 'owner' || role === 'admin';
  const muted = isMuted(item);
  const blocked = peer !== undefined && chat.blocked.has(peer);

  /** Does something, and says so if that fails. */
  async function attempt(work: () => Promise<unknown>): Promise<boolean> {
    setFailure('');
    try {
      await work();
      return true;
    } catch (problem) {
      setFailure(problem instanceof Error ? problem.message : String(problem));
      return false;
    }
  }

  async function leave() {
    if (await attempt(() => chat.client.leave(conversation))) go({ view: 'list' });
  }

  return (
    <aside class="details" aria-label={group ? 'About this group' : 'About this chat'} data-testid="details">
      <header class="bar">
        <h2 class="bar-title">{group ? 'Group' : 'Chat'}</h2>
        <button type="button" class="icon-button" aria-label="Close" title="Close" onClick={() => (details.value = false)} data-testid="details-close"><CloseIcon /></button>
      </header>
      <div class="details-body">
        <div class="details-head">
          <Avatar name={titleOf(item)} group={group} />
          {group && rules ? <RenameGroup item={item} attempt={attempt} /> : <h3>{titleOf(item)}</h3>}
          {group && <p class="details-note">{item.members} {item.members === 1 ? 'member' : 'members'}</p>}
        </div>
        {failure && <p class="failure" role="alert" data-testid="details-failure">{failure}</p>}
        <section class="details-part" aria-labelledby="mute-title">
          <h3 id="mute-title">Notifications</h3>
          {muted
            ? <p class="details-note" data-testid="muted">Muted. <button type="button" class="link" onClick={() => void attempt(() => chat.mute(conversation, 0))} data-testid="unmute">Unmute</button></p>
            : <div class="choices-row">{mutes.map(([name, ms]) => <button key={name} type="button" class="secondary small" onClick={() => void attempt(() => chat.mute(conversation, Date.now() + ms))} data-testid="mute" data-for={name}>Mute {name}</button>)}</div>}
        </section>
        {group && <MemberList item={item} attempt={attempt} />}
        {group && rules && <AddMembers conversation={conversation} attempt={attempt} />}
        {peer !== undefined && (
          <section class="details-part">
            <h3>Privacy</h3>
            <p class="details-note">{blocked ? `${peer} cannot write to you here and does not see when you are online.` : `Who is blocked cannot write to you here and does not see when you are online.`}</p>
            <button type="button" class={`secondary${blocked ? '' : ' danger-text'}`} onClick={() => void attempt(() => chat.blocked.set(peer, !blocked))} data-testid="block">
              {blocked ? `Unblock ${peer}` : `Block ${peer}`}
            </button>
          </section>
        )}
        {group && <button type="button" class="secondary danger-text" onClick={() => setLeaving(true)} data-testid="leave">Leave group</button>}
      </div>
      {leaving && (
        <Confirm title="Leave this group?" verb="Leave" onConfirm={() => void leave()} onCancel={() => setLeaving(false)}>
          You get no further messages of “{titleOf(item)}”. Somebody has to add you again for that.
        </Confirm>
      )}
    </aside>
  );
}

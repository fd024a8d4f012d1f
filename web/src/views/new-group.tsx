import { useEffect, useRef, useState } from 'preact/hooks';
import { ParleyError } from '@parley/sdk';
import { go } from '../route';
import { useChat } from './chat-context';
import { MemberPicker, namesIn } from './member-picker';
import { PanelBar } from './panel-bar';

/** Makes a group from a title and its members. */
export function NewGroup() {
  const chat = useChat();
  const title = useRef<HTMLInputElement>(null);
  const [members, setMembers] = useState<readonly string[]>([]);
  const [typed, setTyped] = useState('');
  const [failure, setFailure] = useState('');
  const [busy, setBusy] = useState(false);
  useEffect(() => title.current!.focus(), []);

  async function create(event: Event) {
    event.preventDefault();
    if (busy) return;
    const all = [...new Set([...members, ...namesIn(typed)])].filter((user) => user !== chat.me);
    if (all.length === 0) return setFailure('Add at least one member.');
    setMembers(all);
    setTyped('');
    setBusy(true);
    setFailure('');
    try {
      const { conversation } = await chat.createGroup(title.current!.value.trim(), all);
      go({ view: 'conversation', conversation }, 'replace');
    } catch (problem) {
      const missing = problem instanceof ParleyError && problem.code === 'not_found';
      setFailure(missing ? `One of these users does not exist. ${problem.message}` : problem instanceof Error ? problem.message : String(problem));
      setBusy(false);
    }
  }

  return (
    <>
      <PanelBar title="New group" />
      <form class="panel" onSubmit={create}>
        <label class="field">
          <span>Title</span>
          <input ref={title} required maxLength={128} autocomplete="off" data-testid="group-title" />
        </label>
        <MemberPicker label="Members" users={members} typed={typed} onType={setTyped} onChange={setMembers} />
        {failure && <p class="failure" role="alert" data-testid="group-failure">{failure}</p>}
        <button type="submit" class="primary" aria-disabled={busy} data-testid="group-create">Create group</button>
      </form>
    </>
  );
}

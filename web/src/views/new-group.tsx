import { useEffect, useRef, useState } from 'preact/hooks';
import { ParleyError } from '@parley/sdk';
import { go } from '../route';
import { Avatar } from './avatar';
import { useChat } from './chat-context';
import { CloseIcon, PlusIcon } from './icons';
import { PanelBar } from './panel-bar';

/** Makes a group from a title and the names of its members. */
export function NewGroup() {
  const chat = useChat();
  const title = useRef<HTMLInputElement>(null);
  const name = useRef<HTMLInputElement>(null);
  const [members, setMembers] = useState<readonly string[]>([]);
  const [failure, setFailure] = useState('');
  const [busy, setBusy] = useState(false);
  useEffect(() => title.current!.focus(), []);

  /** Takes in what stands in the field; several names may be pasted at once. */
  function add(): readonly string[] {
    const typed = name.current!.value.split(/[\s,;]+/).filter((user) => user && user !== chat.me);
    const all = [...new Set([...members, ...typed])];
    name.current!.value = '';
    setMembers(all);
    return all;
  }

  async function create(event: Event) {
    event.preventDefault();
    if (busy) return;
    const all = add();
    if (all.length === 0) {
      setFailure('Add at least one member.');
      name.current!.focus();
      return;
    }
    setBusy(true);
    setFailure('');
    try {
      const { conversation } = await chat.createGroup(title.current!.value.trim(), [...all]);
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
        <div class="field">
          <label for="group-member">Members</label>
          <div class="field-row">
            <input
              id="group-member" ref={name} maxLength={1000} autocapitalize="none" autocomplete="off" spellcheck={false} placeholder="User name" data-testid="group-member"
              onKeyDown={(event) => {
                if (event.key !== 'Enter' || !name.current!.value.trim()) return;
                event.preventDefault();
                add();
              }}
            />
            <button type="button" class="icon-button framed" aria-label="Add member" title="Add" onClick={() => { add(); name.current!.focus(); }} data-testid="group-member-add"><PlusIcon /></button>
          </div>
        </div>
        {members.length > 0 && (
          <ul class="chips" aria-label="Members to add">
            {members.map((user) => (
              <li key={user} class="chip">
                <Avatar name={user} small />
                <span>{user}</span>
                <button type="button" aria-label={`Take ${user} out`} onClick={() => setMembers(members.filter((other) => other !== user))}><CloseIcon /></button>
              </li>
            ))}
          </ul>
        )}
        {failure && <p class="failure" role="alert" data-testid="group-failure">{failure}</p>}
        <button type="submit" class="primary" aria-disabled={busy} data-testid="group-create">Create group</button>
      </form>
    </>
  );
}

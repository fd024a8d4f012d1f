import { useEffect, useRef, useState } from 'preact/hooks';
import { go } from '../route';
import { useChat } from './chat-context';
import { GroupIcon } from './icons';
import { PanelBar } from './panel-bar';
import { UserOptions } from './user-options';
import { useUserSearch } from './user-search';

/** Starts a chat with a user, found by search or known by name. */
export function NewChat() {
  const chat = useChat();
  const input = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState('');
  const [active, setActive] = useState(-1);
  const [failure, setFailure] = useState('');
  const found = useUserSearch(typed.trim(), []);
  useEffect(() => input.current!.focus(), []);
  useEffect(() => setActive(-1), [typed]);

  function start(peer: string) {
    if (!peer) return;
    if (peer === chat.me) return setFailure('That is you. Enter the name of somebody else.');
    const known = chat.conversations.direct(peer);
    // Whether there is such a user, the answer to the first message tells.
    go(known ? { view: 'conversation', conversation: known.conversation } : { view: 'direct', peer }, 'replace');
  }

  function move(event: KeyboardEvent) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === undefined || found.length === 0) return;
    event.preventDefault();
    setActive(Math.max(-1, Math.min(found.length - 1, active + step)));
  }

  return (
    <>
      <PanelBar title="New chat" />
      <form class="panel" onSubmit={(event) => { event.preventDefault(); start(active >= 0 ? found[active]!.user : typed.trim()); }}>
        <div class="field">
          <label for="new-chat-user">User name</label>
          <input
            id="new-chat-user" ref={input} required value={typed} maxLength={128} autocapitalize="none" autocomplete="off" spellcheck={false} role="combobox"
            aria-expanded={found.length > 0} aria-controls="new-chat-users" aria-autocomplete="list" aria-activedescendant={active >= 0 ? `new-chat-users-${active}` : undefined}
            onInput={({ currentTarget }) => setTyped(currentTarget.value)} onKeyDown={move} data-testid="new-chat-user"
          />
          <UserOptions id="new-chat-users" users={found} active={active} onChoose={start} />
        </div>
        {failure && <p class="failure" role="alert" data-testid="new-chat-failure">{failure}</p>}
        <button type="submit" class="primary" data-testid="new-chat-start">Start chat</button>
        <button type="button" class="secondary wide" onClick={() => go({ view: 'new-group' }, 'replace')}><GroupIcon /> New group instead</button>
      </form>
    </>
  );
}

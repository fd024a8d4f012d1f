import { useEffect, useRef, useState } from 'preact/hooks';
import { go } from '../route';
import { useChat } from './chat-context';
import { GroupIcon } from './icons';
import { PanelBar } from './panel-bar';

/** Starts a chat with a user by name. */
export function NewChat() {
  const chat = useChat();
  const input = useRef<HTMLInputElement>(null);
  const [failure, setFailure] = useState('');
  useEffect(() => input.current!.focus(), []);

  function start(event: Event) {
    event.preventDefault();
    const peer = input.current!.value.trim();
    if (!peer) return;
    if (peer === chat.me) return setFailure('That is you. Enter the name of somebody else.');
    const known = chat.conversations.direct(peer);
    // Whether there is such a user, the answer to the first message tells.
    go(known ? { view: 'conversation', conversation: known.conversation } : { view: 'direct', peer }, 'replace');
  }

  return (
    <>
      <PanelBar title="New chat" />
      <form class="panel" onSubmit={start}>
        <label class="field">
          <span>User name</span>
          <input ref={input} required maxLength={128} autocapitalize="none" autocomplete="off" spellcheck={false} data-testid="new-chat-user" />
        </label>
        {failure && <p class="failure" role="alert" data-testid="new-chat-failure">{failure}</p>}
        <button type="submit" class="primary" data-testid="new-chat-start">Start chat</button>
        <button type="button" class="secondary wide" onClick={() => go({ view: 'new-group' }, 'replace')}><GroupIcon /> New group instead</button>
      </form>
    </>
  );
}

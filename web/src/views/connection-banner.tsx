import { useEffect, useState } from 'preact/hooks';
import { useChat } from './chat-context';

// A reconnect that takes no longer than this is nothing anybody needs to hear about.
const quietMs = 400;

/** Says when the connection is away, and what happens to what is written meanwhile. */
export function ConnectionBanner() {
  const chat = useChat();
  const state = chat.state.value;
  const away = state.state !== 'online' && state.state !== 'idle';
  const [shown, setShown] = useState(false);
  const onLine = useOnLine();

  useEffect(() => {
    if (!away) return setShown(false);
    const timer = setTimeout(() => setShown(true), quietMs);
    return () => clearTimeout(timer);
  }, [away]);

  const unsent = chat.outbox.messages.value.filter(({ failure }) => failure === undefined).length;
  return (
    <div class="banner-place" role="status">
      {shown && away && (
        <div class={`banner ${state.state === 'stopped' ? 'stopped' : ''}`} data-testid="banner" data-state={onLine ? state.state : 'offline'}>
          <span class="banner-text">{text()}</span>
          {state.state === 'waiting' && onLine && (
            <button type="button" class="banner-button" onClick={() => chat.client.wake()}>Try now</button>
          )}
          {state.state === 'stopped' && (
            <button type="button" class="banner-button" onClick={() => void chat.client.connect().catch(() => {})}>Reconnect</button>
          )}
        </div>
      )}
    </div>
  );

  function text(): string {
    if (state.state === 'stopped') return `Disconnected: ${state.error.message}.`;
    const queued = unsent === 0 ? 'What you write is sent when you are back.' : `${unsent} ${unsent === 1 ? 'message is' : 'messages are'} waiting to be sent.`;
    return onLine ? `Reconnecting… ${unsent > 0 ? queued : ''}` : `You are offline. ${queued}`;
  }
}

function useOnLine(): boolean {
  const [onLine, setOnLine] = useState(navigator.onLine);
  useEffect(() => {
    const look = () => setOnLine(navigator.onLine);
    addEventListener('online', look);
    addEventListener('offline', look);
    return () => {
      removeEventListener('online', look);
      removeEventListener('offline', look);
    };
  }, []);
  return onLine;
}

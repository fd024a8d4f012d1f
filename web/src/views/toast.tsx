import { useEffect } from 'preact/hooks';
import { useChat } from './chat-context';
import { CloseIcon } from './icons';

const shownMs = 6000;

/** Says for a while what went wrong with something the user asked for. */
export function Toast() {
  const { notice } = useChat();
  const text = notice.value;
  useEffect(() => {
    if (!text) return;
    const timer = setTimeout(() => (notice.value = ''), shownMs);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <div class="toast-place" role="alert">
      {text && (
        <div class="toast" data-testid="toast">
          <span>{text}</span>
          <button type="button" aria-label="Dismiss" onClick={() => (notice.value = '')}><CloseIcon /></button>
        </div>
      )}
    </div>
  );
}

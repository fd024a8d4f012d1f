import { useEffect, useState } from 'preact/hooks';
import type { Profile } from '@parley/sdk';
import { useChat } from './chat-context';

const pauseMs = 200;
const shownMax = 6;

/** Users that fit what is typed, a moment after it was. A server without search finds nobody. */
export function useUserSearch(typed: string, except: readonly string[]): Profile[] {
  const chat = useChat();
  const [found, setFound] = useState<{ typed: string; users: Profile[] }>({ typed: '', users: [] });
  useEffect(() => {
    if (typed.length === 0) return setFound({ typed, users: [] });
    let wanted = true;
    const timer = setTimeout(async () => {
      const users = await chat.client.rest.users(typed).catch(() => []);
      if (wanted) setFound({ typed, users });
    }, pauseMs);
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [typed]);
  return found.users.filter(({ user }) => user !== chat.me && !except.includes(user)).slice(0, shownMax);
}

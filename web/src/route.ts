import { computed, signal } from '@preact/signals';

/** What the address says: `#/c/ID`, `#/to/USER`, `#/new`, `#/new-group` or nothing. */
export type Route =
  | { view: 'list' | 'new' | 'new-group' }
  | { view: 'conversation'; conversation: string }
  | { view: 'direct'; peer: string };

export type ChatRoute = Extract<Route, { view: 'conversation' | 'direct' }>;

export const route = signal<Route>(parse(location.hash));

const lastChat = signal<ChatRoute | undefined>(undefined);

/** The chat beside the list: the current one, or on a wide screen the one that was open before `new`. */
export const openChat = computed<ChatRoute | undefined>(() => {
  const now = route.value;
  if (now.view === 'conversation' || now.view === 'direct') return now;
  return now.view === 'list' ? undefined : lastChat.value;
});

addEventListener('hashchange', follow);

export function go(to: Route, how: 'push' | 'replace' = 'push'): void {
  const hash = address(to);
  if (hash === (location.hash || '#/')) return;
  if (how === 'push') location.hash = hash;
  else history.replaceState(null, '', hash);
  follow();
}

export function address(to: Route): string {
  switch (to.view) {
    case 'conversation':
      return `#/c/${encodeURIComponent(to.conversation)}`;
    case 'direct':
      return `#/to/${encodeURIComponent(to.peer)}`;
    case 'list':
      return '#/';
    default:
      return `#/${to.view}`;
  }
}

function follow(): void {
  const next = parse(location.hash);
  if (address(next) === address(route.value)) return;
  if (next.view === 'conversation' || next.view === 'direct') lastChat.value = next;
  else if (next.view === 'list') lastChat.value = undefined;
  route.value = next;
}

function parse(hash: string): Route {
  const [, view, id] = /^#\/([^/]*)(?:\/(.+))?$/.exec(hash) ?? [];
  if (view === 'c' && id) return { view: 'conversation', conversation: decodeURIComponent(id) };
  if (view === 'to' && id) return { view: 'direct', peer: decodeURIComponent(id) };
  if (view === 'new' || view === 'new-group') return { view };
  return { view: 'list' };
}

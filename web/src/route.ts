import { computed, signal } from '@preact/signals';

type PanelView = 'list' | 'new' | 'new-group' | 'search' | 'settings';

/** What the address says: `#/c/ID`, `#/c/ID/SEQ`, `#/to/USER`, `#/new`, `#/search`, … or nothing. */
export type Route =
  | { view: PanelView }
  | { view: 'conversation'; conversation: string; /** The message to show, if a certain one is asked for. */ at?: number }
  | { view: 'direct'; peer: string };

export type ChatRoute = Extract<Route, { view: 'conversation' | 'direct' }>;

const panels: readonly string[] = ['new', 'new-group', 'search', 'settings'];

export const route = signal<Route>(parse(location.hash));

/** Whether the details of the open chat are shown beside it. */
export const details = signal(false);

const lastChat = signal<ChatRoute | undefined>(undefined);

/** The panel in place of the conversation list. Search stays there while one looks at what it found. */
export const panel = signal<PanelView>('list');

/** The chat beside the list: the current one, or on a wide screen the one that was open before a panel was. */
export const openChat = computed<ChatRoute | undefined>(() => {
  const now = route.value;
  if (now.view === 'conversation' || now.view === 'direct') return now;
  return now.view === 'list' ? undefined : lastChat.value;
});

follow();
addEventListener('hashchange', follow);

export function go(to: Route, how: 'push' | 'replace' = 'push'): void {
  const hash = address(to);
  if (hash === (location.hash || '#/')) return;
  if (how === 'push') location.hash = hash;
  else history.replaceState(null, '', hash);
  follow();
}

/** Brings the conversation list back; a chat that was opened from the panel stays open. */
export function closePanel(): void {
  if (route.value.view === 'conversation' || route.value.view === 'direct') panel.value = 'list';
  else go({ view: 'list' });
}

export function address(to: Route): string {
  switch (to.view) {
    case 'conversation':
      return `#/c/${encodeURIComponent(to.conversation)}${to.at === undefined ? '' : `/${to.at}`}`;
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
  const isChat = next.view === 'conversation' || next.view === 'direct';
  if (isChat) {
    if (!isSameChat(next, lastChat.value)) details.value = false;
    lastChat.value = next;
  } else if (next.view === 'list') {
    lastChat.value = undefined;
    details.value = false;
  }
  if (!isChat) panel.value = next.view;
  else if (panel.value !== 'search') panel.value = 'list';
  if (address(next) !== address(route.value)) route.value = next;
}

function isSameChat(one: ChatRoute, other: ChatRoute | undefined): boolean {
  return one.view === 'conversation' && other?.view === 'conversation' && one.conversation === other.conversation;
}

function parse(hash: string): Route {
  const [, view, id, seq] = /^#\/([^/]*)(?:\/([^/]+))?(?:\/(\d+))?$/.exec(hash) ?? [];
  if (view === 'c' && id) {
    return { view: 'conversation', conversation: decodeURIComponent(id), ...(seq !== undefined && { at: Number(seq) }) };
  }
  if (view === 'to' && id) return { view: 'direct', peer: decodeURIComponent(id) };
  if (view && panels.includes(view)) return { view: view as PanelView };
  return { view: 'list' };
}

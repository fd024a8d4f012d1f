import { signal } from '@preact/signals';
import type { Conversation, Message } from '@parley/sdk';
import { go } from '../route';
import { messageText, titleOf } from './wording';

const key = 'parley.notifications';

/** Desktop notifications for messages that come while nobody looks. */
export class Notifications {
  /** What the browser and the user allow: `default` means that nobody was asked yet. */
  readonly permission = signal<NotificationPermission | 'unsupported'>('Notification' in globalThis ? Notification.permission : 'unsupported');
  readonly wanted = signal(localStorage.getItem(key) !== 'off');

  get on(): boolean {
    return this.permission.value === 'granted' && this.wanted.value;
  }

  async turn(on: boolean): Promise<void> {
    localStorage.setItem(key, on ? 'on' : 'off');
    this.wanted.value = on;
    if (on && this.permission.value === 'default') this.permission.value = await Notification.requestPermission();
  }

  show(message: Message, conversation: Conversation | undefined, me: string): void {
    if (!this.on || message.from === me || message.silent || message.deleted) return;
    const mentioned = message.mentions?.includes(me) ?? false;
    if (isMuted(conversation) && !mentioned) return;
    if (document.visibilityState === 'visible' && document.hasFocus()) return;
    const group = conversation?.kind === 'group';
    try {
      const shown = new Notification(conversation ? titleOf(conversation) : message.from, {
        body: `${group ? `${message.from}: ` : ''}${messageText(message).slice(0, 200)}`,
        tag: message.conversation,
        icon: '/icon.svg',
      });
      shown.onclick = () => {
        focus();
        go({ view: 'conversation', conversation: message.conversation });
        shown.close();
      };
    } catch {
      // Some phones offer notifications to service workers only.
      this.permission.value = 'unsupported';
    }
  }
}

export function isMuted(conversation: Conversation | undefined, now = Date.now()): boolean {
  return (conversation?.mutedUntil ?? 0) > now;
}

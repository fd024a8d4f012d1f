import type { Member } from '@parley/sdk';

export type Tick = 'queued' | 'failed' | 'sent' | 'delivered' | 'read';

/** How far the message at `seq` has come: a group's message is delivered or read when it is so for everybody. */
export function tickOf(seq: number, author: string, members: readonly Member[]): Tick {
  const others = members.filter(({ user }) => user !== author);
  if (others.length === 0) return 'sent';
  if (others.every(({ read }) => read >= seq)) return 'read';
  return others.every(({ delivered }) => delivered >= seq) ? 'delivered' : 'sent';
}

import type { Message } from '@parley/sdk';

/** What the composer is for: a new message, an answer to one, or a change of one. */
export type Composition = { kind: 'new' } | { kind: 'reply'; to: Message } | { kind: 'edit'; message: Message };

export const fresh: Composition = { kind: 'new' };

import type { Conversation, Entry, MemberChange, Updated } from '@parley/sdk';

export function titleOf(conversation: Conversation): string {
  if (conversation.kind === 'direct') return conversation.peer ?? 'Direct chat';
  return conversation.title || 'Untitled group';
}

/** What happened to a group, as a sentence. */
export function eventText(entry: MemberChange | Updated, me: string): string {
  const who = entry.from === me ? 'You' : entry.from;
  if (entry.type === 'updated') {
    return entry.title === undefined ? `${who} changed the group` : `${who} named the group “${entry.title}”`;
  }
  const others = names(entry.users.filter((user) => user !== entry.from || entry.action !== 'create'), me);
  switch (entry.action) {
    case 'create':
      return `${who} created the group`;
    case 'add':
      return `${who} added ${others}`;
    case 'remove':
      return `${who} removed ${others}`;
    case 'leave':
      return `${who} left`;
    case 'role':
      return `${who} made ${others} ${entry.role ?? 'member'}`;
  }
}

/** One line about the newest entry of a conversation. */
export function previewOf(conversation: Conversation, me: string): string {
  const { last } = conversation;
  if (!last) return '';
  const text = contentText(last, me);
  if (last.type !== 'message') return text;
  if (last.from === me) return `You: ${text}`;
  return conversation.kind === 'group' ? `${shortened(last.from)}: ${text}` : text;
}

// So that a long name leaves room for what was said.
function shortened(name: string): string {
  return name.length > 18 ? `${name.slice(0, 16)}…` : name;
}

function contentText(entry: Entry, me: string): string {
  switch (entry.type) {
    case 'message':
      return messageText(entry);
    case 'edited':
      return 'A message was edited';
    case 'deleted':
      return 'A message was deleted';
    case 'reaction':
      return entry.on ? `${entry.from === me ? 'You' : entry.from} reacted with ${entry.key}` : 'A reaction was taken back';
    case 'member':
    case 'updated':
      return eventText(entry, me);
    default:
      return '';
  }
}

/** A message's text, or what stands in for it. */
export function messageText({ deleted, text, attachments }: Extract<Entry, { type: 'message' }>): string {
  if (deleted) return 'This message was deleted';
  if (text) return text;
  return attachments?.length ? attachments.map(({ name }) => name ?? 'File').join(', ') : 'This message has no text';
}

function names(users: readonly string[], me: string): string {
  const shown = users.slice(0, 5).map((user) => (user === me ? 'you' : user));
  if (users.length > shown.length) shown.push(`${users.length - shown.length} more`);
  return new Intl.ListFormat('en').format(shown);
}

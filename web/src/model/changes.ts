import type { Deleted, Edited, Message, Reaction } from '@parley/sdk';

/** A message as it is after an edit, a deletion or a reaction. */
export function changed(message: Message, by: Edited | Deleted | Reaction): Message {
  switch (by.type) {
    case 'edited': {
      const { text = message.text, data = message.data, ts } = by;
      return { ...message, ...(text !== undefined && { text }), ...(data !== undefined && { data }), editedAt: ts };
    }
    case 'deleted': {
      const { text: _text, data: _data, attachments: _attachments, reactions: _reactions, ...rest } = message;
      return { ...rest, deleted: true };
    }
    case 'reaction':
      return reacted(message, by);
  }
}

function reacted(message: Message, { from, key, on }: Reaction): Message {
  const others = (message.reactions?.[key] ?? []).filter((other) => other !== from);
  const reactions = { ...message.reactions, [key]: on ? [...others, from] : others };
  if (reactions[key]!.length === 0) delete reactions[key];
  return { ...message, reactions };
}

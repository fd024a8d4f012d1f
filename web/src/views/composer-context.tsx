import type { Composition } from '../model/composition';
import { useChat } from './chat-context';
import { CloseIcon, EditIcon, ReplyIcon } from './icons';
import { quoteText } from './quote';

interface Props {
  composition: Exclude<Composition, { kind: 'new' }>;
  onCancel(): void;
}

/** Says above the field which message is answered or edited. */
export function ComposerContext({ composition, onCancel }: Props) {
  const chat = useChat();
  const message = composition.kind === 'reply' ? composition.to : composition.message;
  const who = message.from === chat.me ? 'yourself' : message.from;
  return (
    <div class="composer-context" data-testid={composition.kind === 'reply' ? 'replying' : 'editing'}>
      {composition.kind === 'reply' ? <ReplyIcon /> : <EditIcon />}
      <div class="composer-context-text">
        <strong>{composition.kind === 'reply' ? `Reply to ${who}` : 'Edit message'}</strong>
        <span>{quoteText(message)}</span>
      </div>
      <button type="button" class="icon-button" aria-label="Cancel" title="Cancel" onClick={onCancel} data-testid="cancel-composition"><CloseIcon /></button>
    </div>
  );
}

import { closePanel } from '../route';
import { BackIcon } from './icons';

/** The heading of what takes the place of the conversation list for a while. */
export function PanelBar({ title }: { title: string }) {
  return (
    <header class="bar side-bar">
      <button type="button" class="icon-button" aria-label="Back to conversations" title="Back" onClick={closePanel} data-testid="panel-back"><BackIcon /></button>
      <h1 class="bar-title">{title}</h1>
    </header>
  );
}

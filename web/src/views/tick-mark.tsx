import type { Tick } from '../model/ticks';

const labels: Record<Tick, string> = {
  queued: 'Waiting to be sent',
  failed: 'Not sent',
  sent: 'Sent',
  delivered: 'Delivered',
  read: 'Read',
};

/** How far a message has come: a clock, one tick, two ticks, two coloured ticks. */
export function TickMark({ tick }: { tick: Tick }) {
  return (
    <span class={`tick ${tick}`} role="img" aria-label={labels[tick]} title={labels[tick]} data-testid="tick" data-tick={tick}>
      <svg viewBox="0 0 18 12" fill="none" stroke="currentColor" stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">
        {drawing(tick)}
      </svg>
    </span>
  );
}

function drawing(tick: Tick) {
  switch (tick) {
    case 'queued':
      return <g><circle cx="9" cy="6" r="4.7" /><path d="M9 3.3V6l1.8 1.2" /></g>;
    case 'failed':
      return <g><circle cx="9" cy="6" r="4.7" /><path d="M9 3.6v2.7M9 8.4v.01" /></g>;
    case 'sent':
      return <path d="M4.5 6.5L7.5 9.5 13.5 2.5" />;
    default:
      return <path d="M1.5 6.5l3 3 6-7M8.6 8.7l.8.8 6-7" />;
  }
}

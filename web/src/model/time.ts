const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const weekday = new Intl.DateTimeFormat(undefined, { weekday: 'long' });
const shortWeekday = new Intl.DateTimeFormat(undefined, { weekday: 'short' });
const dayAndMonth = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });
const fullDate = new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });
const shortDate = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', year: 'numeric' });

export function clockTime(at: number): string {
  return clock.format(at);
}

/** A day as a heading: Today, Yesterday, a weekday of this week, or a date. */
export function dayName(at: number, now = Date.now()): string {
  const days = daysBetween(at, now);
  if (days <= 0) return 'Today';
  if (days === 1) return 'Yesterday';
  return days < 7 ? weekday.format(at) : fullDate.format(at);
}

/** As short as it can be and still tell when: for lists. */
export function shortTime(at: number, now = Date.now()): string {
  const days = daysBetween(at, now);
  if (days <= 0) return clockTime(at);
  if (days === 1) return 'Yesterday';
  if (days < 7) return shortWeekday.format(at);
  return new Date(at).getFullYear() === new Date(now).getFullYear() ? dayAndMonth.format(at) : shortDate.format(at);
}

export function lastSeenText(at: number): string {
  const day = dayName(at);
  if (day === 'Today') return `last seen at ${clockTime(at)}`;
  return `last seen ${day === 'Yesterday' ? 'yesterday' : day} at ${clockTime(at)}`;
}

// By the calendar, not by 24 hours, and right when the clocks change.
function daysBetween(at: number, now: number): number {
  const midnight = (time: number) => new Date(time).setHours(0, 0, 0, 0);
  return Math.round((midnight(now) - midnight(at)) / 86_400_000);
}

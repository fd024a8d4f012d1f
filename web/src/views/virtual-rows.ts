import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';

/** Where the reader is: at the end, or with a certain row so many pixels below the top of the window. */
export type Place = { kind: 'end' } | { kind: 'at'; key: string; offset: number };

interface Options {
  keys: readonly string[];
  /** About how high a row is that was not measured yet. */
  guessPx(at: number): number;
  /** Whether a row stays with its neighbours when others come before it; the name of a day does not. */
  mayHold(at: number): boolean;
  ready: boolean;
  /** Where to begin, once ready. */
  begin(height: number): Place;
  /** Whether the end of the rows is the end of all there is, where a reader stays when more comes. */
  live: boolean;
  /** Called after every move with the rows in view. */
  onLook(view: View): void;
}

export interface View {
  /** The first row in view. */
  top: number;
  /** Pixels above and below what is in view. */
  above: number;
  below: number;
}

// This much beyond the window is drawn; redrawn when less than the second is left.
const drawnPx = 1200;
const leftPx = 500;
const endPx = 60;

/**
 * Draws of thousands of rows those around the window, and keeps the reader's place while rows come at both
 * ends, are measured, or change their height.
 */
export function useVirtualRows(options: Options) {
  const list = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const drawn = useRef<HTMLDivElement>(null);
  const heights = useRef(new Map<string, number>());
  const place = useRef<Place>({ kind: 'end' });
  const state = useRef({ begun: false, height: 800, scrolled: -1, passes: 0, top: 0 });
  const [, draw] = useState(0);
  const redraw = () => draw((version) => version + 1);

  const { keys, guessPx } = options;
  const offsets = [0];
  for (let at = 0; at < keys.length; at++) offsets.push(offsets[at]! + (heights.current.get(keys[at]!) ?? guessPx(at)));
  const total = offsets[keys.length]!;
  const viewTop = topOf(place.current, keys, offsets, state.current);
  state.current.top = viewTop;
  const from = rowAt(viewTop - drawnPx, offsets);
  const to = Math.min(keys.length, rowAt(viewTop + state.current.height + drawnPx, offsets) + 1);
  const latest = useRef({ options, offsets, from, to });
  latest.current = { options, offsets, from, to };

  useLayoutEffect(settle);

  useEffect(() => {
    // The window or the composer changed its height, or a picture has come.
    const resized = new ResizeObserver(() => settle());
    resized.observe(list.current!);
    resized.observe(drawn.current!);
    addEventListener('focus', look);
    document.addEventListener('visibilitychange', look);
    return () => {
      resized.disconnect();
      removeEventListener('focus', look);
      document.removeEventListener('visibilitychange', look);
    };
  }, []);

  /** Measures what is drawn, draws again if that changed anything, and else puts the reader in place. */
  function settle(): void {
    const box = list.current!;
    const now = state.current;
    now.height = box.clientHeight;
    if (latest.current.options.ready && !now.begun) {
      now.begun = true;
      place.current = latest.current.options.begin(box.clientHeight);
      return redraw();
    }
    if (measure() && now.passes++ < 8) return redraw();
    now.passes = 0;
    const wanted = place.current.kind === 'end' ? box.scrollHeight - box.clientHeight : content.current!.offsetTop + topOf(place.current, latest.current.options.keys, latest.current.offsets, now);
    const reachable = Math.max(0, Math.min(wanted, box.scrollHeight - box.clientHeight));
    if (Math.abs(box.scrollTop - reachable) > 1) box.scrollTop = reachable;
    now.scrolled = box.scrollTop;
    // What was to be shown further up is all there is room for.
    if (place.current.kind === 'at' && isAtEnd(box)) {
      place.current = { kind: 'end' };
      return redraw();
    }
    look();
  }

  function isAtEnd(box: HTMLElement): boolean {
    return latest.current.options.live && latest.current.options.ready && box.scrollHeight - box.scrollTop - box.clientHeight < endPx;
  }

  function measure(): boolean {
    let changed = false;
    for (const row of drawn.current!.children) {
      const { key } = (row as HTMLElement).dataset;
      const { height } = row.getBoundingClientRect();
      if (key === undefined || Math.abs((heights.current.get(key) ?? -1) - height) < 0.5) continue;
      heights.current.set(key, height);
      changed = true;
    }
    return changed;
  }

  function onScroll(): void {
    const box = list.current!;
    const now = state.current;
    if (!now.begun) return;
    // What this file did itself is no move of the reader's.
    if (Math.abs(box.scrollTop - now.scrolled) > 1) {
      now.scrolled = box.scrollTop;
      const wasAtEnd = place.current.kind === 'end';
      place.current = placeNow(box);
      const { offsets, from, to, options } = latest.current;
      const top = box.scrollTop - content.current!.offsetTop;
      const enough = (from === 0 || offsets[from]! < top - leftPx) && (to === options.keys.length || offsets[to]! > top + now.height + leftPx);
      if (!enough || wasAtEnd !== (place.current.kind === 'end')) redraw();
    }
    look();
  }

  function placeNow(box: HTMLElement): Place {
    const { offsets, options } = latest.current;
    if (isAtEnd(box)) return { kind: 'end' };
    const top = box.scrollTop - content.current!.offsetTop;
    let at = rowAt(top, offsets);
    while (at < options.keys.length - 1 && !options.mayHold(at)) at++;
    return at < options.keys.length ? { kind: 'at', key: options.keys[at]!, offset: offsets[at]! - top } : { kind: 'end' };
  }

  function look(): void {
    const box = list.current;
    if (!box || !state.current.begun) return;
    const top = rowAt(box.scrollTop - content.current!.offsetTop, latest.current.offsets);
    latest.current.options.onLook({ top, above: box.scrollTop, below: box.scrollHeight - box.scrollTop - box.clientHeight });
  }

  return {
    list,
    content,
    drawn,
    from,
    to,
    before: offsets[from] ?? 0,
    total,
    atEnd: place.current.kind === 'end',
    onScroll,
    look,
    toEnd() {
      place.current = { kind: 'end' };
      redraw();
    },
    /** Puts a row in view, a third of the window from its top. */
    show(key: string) {
      place.current = { kind: 'at', key, offset: state.current.height / 3 };
      redraw();
    },
  };
}

function topOf(place: Place, keys: readonly string[], offsets: readonly number[], view: { height: number; top: number }): number {
  if (place.kind === 'end') return Math.max(0, offsets[keys.length]! - view.height);
  const at = keys.indexOf(place.key);
  // A row that is gone leaves the reader about where it was.
  return at < 0 ? view.top : offsets[at]! - place.offset;
}

/** The row at so many pixels, by bisection. */
function rowAt(px: number, offsets: readonly number[]): number {
  let low = 0;
  let high = Math.max(0, offsets.length - 2);
  while (low < high) {
    const middle = (low + high) >> 1;
    if (offsets[middle + 1]! > px) high = middle;
    else low = middle + 1;
  }
  return low;
}

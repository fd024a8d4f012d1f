import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';

interface Options {
  /** The first entry loaded; when it changes, older ones were put in front. */
  first: number | undefined;
  /** What is at the end; when it changes, something was added. */
  last: string | undefined;
  lastIsMine: boolean;
  /** Whether the first page is here. */
  ready: boolean;
  /** The top is near. */
  onTop(): void;
  /** Everything up to this seq was in view, in a window that somebody looks at. */
  onSeen(seq: number): void;
}

const topPx = 300;
const endPx = 60;

/** Keeps the reader's place in a list that grows at both ends, and notices what was seen. */
export function useScrolling(options: Options) {
  const list = useRef<HTMLDivElement>(null);
  const [atEnd, setAtEnd] = useState(true);
  const place = useRef({ first: options.first, last: options.last, height: 0, atEnd: true, begun: false });
  const latest = useRef(options);
  latest.current = options;

  useLayoutEffect(() => {
    const box = list.current!;
    const then = place.current;
    if (options.ready && !then.begun) {
      then.begun = true;
      const mark = box.querySelector<HTMLElement>('.unread-mark');
      box.scrollTop = mark ? mark.offsetTop - box.clientHeight / 3 : box.scrollHeight;
    } else if (options.first !== then.first && then.first !== undefined && !then.atEnd) {
      // Older entries came in front: what was in view stays where it was.
      box.scrollTop += box.scrollHeight - then.height;
    } else if (options.last !== then.last && (then.atEnd || options.lastIsMine)) {
      box.scrollTop = box.scrollHeight;
    }
    Object.assign(then, { first: options.first, last: options.last, height: box.scrollHeight });
    look();
  });

  useEffect(() => {
    // The window or the composer changed its height: whoever was at the end stays there.
    const resized = new ResizeObserver(() => {
      const box = list.current!;
      if (place.current.atEnd) box.scrollTop = box.scrollHeight;
      look();
    });
    resized.observe(list.current!);
    addEventListener('focus', look);
    document.addEventListener('visibilitychange', look);
    return () => {
      resized.disconnect();
      removeEventListener('focus', look);
      document.removeEventListener('visibilitychange', look);
    };
  }, []);

  function look(): void {
    const box = list.current;
    if (!box || !place.current.begun) return;
    const end = box.scrollHeight - box.scrollTop - box.clientHeight < endPx;
    place.current.atEnd = end;
    setAtEnd(end);
    if (box.scrollTop < topPx) latest.current.onTop();
    if (document.visibilityState !== 'visible' || !document.hasFocus()) return;
    const seen = lastSeen(box);
    if (seen !== undefined) latest.current.onSeen(seen);
  }

  return {
    list,
    atEnd,
    onScroll: look,
    look,
    toEnd: () => list.current!.scrollTo({ top: list.current!.scrollHeight, behavior: 'smooth' }),
  };
}

/** The last entry whose end is in view. */
function lastSeen(box: HTMLElement): number | undefined {
  const bottom = box.getBoundingClientRect().bottom + 1;
  const rows = [...box.querySelectorAll<HTMLElement>('[data-seq]')];
  const seen = rows.findLast((row) => row.getBoundingClientRect().bottom <= bottom);
  return seen && Number(seen.dataset.seq);
}

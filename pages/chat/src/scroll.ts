// Where the reader is in a list that grows and changes: at the end it stays at the end, elsewhere what one reads stays where it is.
import { useCallback, useLayoutEffect, useRef, useState } from 'preact/hooks';

const nearEnd = 48; // pixels

interface Place {
  end: boolean;
  anchor: HTMLElement | null;
  top: number; // of the anchor in the list
  scrolled: number; // how far the list was
}

export function useScroll(key: unknown, onEnd: (atEnd: boolean) => void) {
  const box = useRef<HTMLDivElement>(null);
  const place = useRef<Place>({ end: true, anchor: null, top: 0, scrolled: 0 });
  const heading = useRef(false); // a smooth way to the end is under way
  const [atEnd, setAtEnd] = useState(true);

  // The first message that is seen, and how far from the top of the list it stands.
  const remember = useCallback(() => {
    const frame = box.current!;
    const near = frame.scrollHeight - frame.scrollTop - frame.clientHeight < nearEnd;
    // What grew since, and not the reader, may be why the end is far now: settle() comes for it.
    const end = near || (place.current.end && frame.scrollTop >= place.current.scrolled);
    if (heading.current && !end) return;
    heading.current = false;
    const messages = frame.querySelectorAll<HTMLElement>('[data-id]');
    const anchor = [...messages].find((one) => one.offsetTop + one.offsetHeight > frame.scrollTop) ?? null;
    place.current = { end, anchor, top: anchor?.offsetTop ?? 0, scrolled: frame.scrollTop };
    setAtEnd(end);
    onEnd(end);
  }, []);
  const toEnd = useCallback((smooth = false) => {
    heading.current = smooth;
    if (smooth) place.current.end = true;
    box.current?.scrollTo({ top: box.current.scrollHeight, behavior: smooth ? 'smooth' : 'instant' });
    if (!smooth) place.current.scrolled = box.current?.scrollTop ?? 0;
  }, []);
  // Browsers that anchor by themselves are told not to (overflow-anchor), so that all do the same.
  const settle = useCallback(() => {
    const { end, anchor, top, scrolled } = place.current;
    // The reader has just gone up, and the scroll event that tells it has not come yet.
    if (end && box.current!.scrollTop < scrolled - nearEnd) remember();
    else if (end) toEnd();
    else if (anchor?.isConnected && anchor.offsetTop !== top) {
      box.current!.scrollTop += anchor.offsetTop - top;
      place.current.top = anchor.offsetTop;
    }
  }, []);

  useLayoutEffect(settle);
  useLayoutEffect(() => {
    const frame = box.current!;
    const divider = frame.querySelector<HTMLElement>('.divider');
    place.current = { end: !divider, anchor: null, top: 0, scrolled: 0 };
    if (divider) frame.scrollTop = divider.offsetTop - 40;
    else toEnd();
    remember();
    // Pictures, previews and the keyboard change heights after the drawing.
    const watch = new ResizeObserver(settle);
    const turn = () => (heading.current = false);
    for (const act of ['wheel', 'pointerdown', 'keydown']) frame.addEventListener(act, turn, { passive: true });
    watch.observe(frame);
    watch.observe(frame.firstElementChild!);
    return () => {
      watch.disconnect();
      for (const act of ['wheel', 'pointerdown', 'keydown']) frame.removeEventListener(act, turn);
    };
  }, [key]);
  return { box, atEnd, remember, toEnd };
}

export const calm = () => window.matchMedia('(prefers-reduced-motion: reduce)').matches;

// Shows the message and lights it up for a moment. False: it is not in the list.
export function jumpTo(message: number): boolean {
  const found = document.getElementById(`message-${message}`);
  if (!found) return false;
  found.scrollIntoView({ block: 'center', behavior: calm() ? 'instant' : 'smooth' });
  found.classList.remove('lit');
  void found.offsetWidth; // so that the light starts again
  found.classList.add('lit');
  return true;
}

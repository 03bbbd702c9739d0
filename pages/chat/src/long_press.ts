// A long press of a finger, or the right button of a mouse. Not every phone's browser tells a press as a context menu.
import { useRef } from 'preact/hooks';

const longEnough = 450; // ms
const steady = 10; // pixels

export function useLongPress(act: () => void) {
  const press = useRef({ timer: 0, x: 0, y: 0 });
  const stop = () => window.clearTimeout(press.current.timer);
  return {
    onContextMenu(event: Event) {
      if (getSelection()?.toString()) return; // somebody wants the browser's own menu for it
      event.preventDefault();
      stop();
      act();
    },
    onTouchStart(event: TouchEvent) {
      const { clientX: x, clientY: y } = event.touches[0]!;
      stop();
      press.current = { timer: window.setTimeout(act, longEnough), x, y };
    },
    onTouchMove(event: TouchEvent) {
      const { clientX, clientY } = event.touches[0]!;
      if (Math.hypot(clientX - press.current.x, clientY - press.current.y) > steady) stop();
    },
    onTouchEnd: stop,
    onTouchCancel: stop,
  };
}

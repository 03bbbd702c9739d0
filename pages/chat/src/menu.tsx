// A short list of acts beside the button that opened it, walked with the arrow keys.
import { useLayoutEffect, useRef } from 'preact/hooks';
import { Icon, type IconName } from './icons';

export interface MenuItem {
  icon: IconName;
  label: string;
  act: () => void;
  checked?: boolean; // one of several, and this is it
}

const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 };

export function Menu({ items, place, label, onClose }: { items: MenuItem[]; place: string; label: string; onClose: () => void }) {
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const opener = document.activeElement as HTMLElement | null;
    box.current?.querySelector('button')?.focus();
    return () => opener?.focus?.();
  }, []);
  const key = (event: KeyboardEvent) => {
    if (event.key === 'Escape' || event.key === 'Tab') return (event.preventDefault(), onClose());
    const step = steps[event.key];
    if (!step) return;
    event.preventDefault();
    const buttons = [...box.current!.querySelectorAll('button')];
    const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
    buttons[(at + step + buttons.length) % buttons.length]?.focus();
  };
  return (
    <>
      <div class="clickaway" onClick={onClose} />
      <div class={`menu ${place}`} role="menu" aria-label={label} ref={box} onKeyDown={key}>
        {items.map(({ icon, label: words, act, checked }) => (
          <button role={checked === undefined ? 'menuitem' : 'menuitemradio'} aria-checked={checked} onClick={() => (onClose(), act())}>
            <Icon name={icon} />
            <span>{words}</span>
            {checked && <Icon name="check" />}
          </button>
        ))}
      </div>
    </>
  );
}

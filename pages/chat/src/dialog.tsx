// A modal window over the page. The browser's own dialog keeps the focus inside, gives it back, and closes on Escape.
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

interface Props {
  label: string;
  onClose: () => void;
  kind?: 'sheet' | 'lightbox' | 'drawer';
  alert?: boolean;
  testid?: string;
  children: ComponentChildren;
}

export function Dialog({ label, onClose, kind = 'sheet', alert = false, testid, children }: Props) {
  const box = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const dialog = box.current!;
    dialog.showModal();
    return () => dialog.close();
  }, []);
  const cancel = (event: Event) => (event.preventDefault(), onClose());
  return (
    <dialog
      ref={box}
      class={kind}
      aria-label={label}
      role={alert ? 'alertdialog' : undefined}
      data-testid={testid}
      onCancel={cancel}
      onClick={(event) => event.target === box.current && onClose()}
    >
      <div class="dialog-body">{children}</div>
    </dialog>
  );
}

// The messages of the open chat, oldest first, always at the end unless the reader has scrolled up.
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { dayOf } from './format';
import { Icon } from './icons';
import { MessageView } from './message';
import { Rich } from './rich';
import { useStore } from './store';
import { actionText, t } from './texts';
import type { Message } from './types';

// Neighbours of one media group become one album.
function grouped(messages: Message[]): Message[][] {
  const out: Message[][] = [];
  for (const message of messages) {
    const last = out[out.length - 1];
    if (last && message.media_group_id && last[0]!.media_group_id === message.media_group_id) last.push(message);
    else out.push([message]);
  }
  return out;
}

interface Props {
  onOpen: (url: string) => void;
  onReply: (message: Message) => void;
  onEdit: (message: Message) => void;
}

export function Conversation(props: Props) {
  const store = useStore();
  const chat = store.chat();
  const list = useRef<HTMLDivElement>(null);
  const [atEnd, setAtEnd] = useState(true);
  const messages = [...chat.messages.values()].sort((a, b) => a.message_id - b.message_id);
  const toEnd = () => list.current?.scrollTo({ top: list.current.scrollHeight });

  useLayoutEffect(() => {
    if (atEnd) toEnd();
  });
  useLayoutEffect(() => {
    setAtEnd(true);
    toEnd();
    // Pictures and the keyboard change heights after the drawing.
    const watch = new ResizeObserver(() => list.current?.dataset['end'] === '1' && toEnd());
    if (list.current) watch.observe(list.current);
    if (list.current?.firstElementChild) watch.observe(list.current.firstElementChild);
    return () => watch.disconnect();
  }, [store.current]);
  const scrolled = () => {
    const box = list.current!;
    setAtEnd(box.scrollHeight - box.scrollTop - box.clientHeight < 60);
  };

  let day = '';
  return (
    <div class="conversation-frame">
      <div class="conversation" ref={list} onScroll={scrolled} data-end={atEnd ? '1' : '0'} aria-live="polite">
        <div class="conversation-inner">
          {!store.bot && store.ready && (
            <div class="hint">
              <b>{t('noBot')}</b>
              <span>{t('noBotHint')}</span>
              <code>{location.origin}</code>
            </div>
          )}
          {store.bot && chat.loaded && messages.length === 0 && <div class="hint">{t('empty')}</div>}
          {grouped(messages).map((parts) => {
            const today = dayOf(parts[0]!.date);
            const first = today !== day;
            day = today;
            return (
              <>
                {first && <div class="service">{today}</div>}
                <MessageView key={parts[0]!.message_id} parts={parts} {...props} />
              </>
            );
          })}
          {chat.draft && (
            <article class="message theirs">
              <div class="bubble draft">{chat.draft.text ? <Rich text={chat.draft.text} entities={chat.draft.entities} /> : t('thinking')}</div>
            </article>
          )}
          {chat.action && (
            <div class="action" data-testid="action">
              <span class="dots">
                <i />
                <i />
                <i />
              </span>
              {actionText(chat.action)}
            </div>
          )}
        </div>
      </div>
      {!atEnd && (
        <button class="to-end" onClick={() => (setAtEnd(true), toEnd())} aria-label="↓">
          <Icon name="down" />
        </button>
      )}
    </div>
  );
}

// The messages of the open chat, oldest first, with dates, the border of what is new, and what the bot is doing.
import { Fragment } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { Chat } from './chat_state';
import { dayOf } from './format';
import { Icon } from './icons';
import { MessageView, type Acts } from './message';
import { Rich } from './rich';
import { calm, useScroll } from './scroll';
import { useStore } from './store';
import { actionText, t } from './texts';
import type { Message } from './types';

const together = 300; // seconds: later than this a message stands by itself

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

const plain = (message: Message) => !message.successful_payment && !message.refunded_payment;

function oneRun(a: Message[] | undefined, b: Message[] | undefined, divider: number): boolean {
  if (!a || !b) return false;
  const [before, after] = [a[a.length - 1]!, b[0]!];
  if (divider > 0 && before.message_id <= divider && after.message_id > divider) return false;
  return before.from.id === after.from.id && after.date - before.date < together && dayOf(before.date) === dayOf(after.date) && plain(before) && plain(after);
}

function Messages({ chat, acts }: { chat: Chat; acts: Acts }) {
  const groups = grouped(chat.sorted);
  let day = '';
  let divided = chat.divider === 0;
  return (
    <>
      {groups.map((parts, i) => {
        const first = parts[0]!;
        const today = dayOf(first.date);
        const newDay = today !== day;
        day = today;
        const border = !divided && first.from.is_bot && first.message_id > chat.divider;
        divided ||= border;
        return (
          <Fragment key={first.message_id}>
            {newDay && (
              <div class="service day" role="separator">
                {today}
              </div>
            )}
            {border && (
              <div class="divider" role="separator">
                {t('unread')}
              </div>
            )}
            <MessageView
              parts={parts}
              begins={newDay || !oneRun(groups[i - 1], parts, chat.divider)}
              ends={!oneRun(parts, groups[i + 1], chat.divider)}
              answered={first.message_id <= chat.answeredTo}
              fresh={chat.fresh.has(first.message_id)}
              {...acts}
            />
          </Fragment>
        );
      })}
    </>
  );
}

// What is being written, and that something is being done.
function Live({ chat }: { chat: Chat }) {
  const dots = (
    <span class="dots" aria-hidden="true">
      <i />
      <i />
      <i />
    </span>
  );
  return (
    <>
      {chat.draft && (
        <article class="message theirs begins ends" data-testid="draft" aria-busy="true" key={`draft${chat.draft.id}`}>
          <div class="message-column">
            <div class="bubble draft">
              {chat.draft.text ? <Rich text={chat.draft.text} entities={chat.draft.entities} /> : <span class="small">{t('thinking')}</span>}
              <span class="cursor" aria-hidden="true" />
            </div>
          </div>
        </article>
      )}
      {chat.action && !chat.draft && (
        <div class="action" data-testid="action">
          {dots}
          {actionText(chat.action)}
        </div>
      )}
    </>
  );
}

function NoBot() {
  return (
    <div class="hint">
      <b>{t('noBot')}</b>
      <span>{t('noBotHint')}</span>
      <code>{location.origin}</code>
    </div>
  );
}

export function Conversation(acts: Acts) {
  const store = useStore();
  const chat = store.chat();
  const { box, atEnd, remember, toEnd } = useScroll(`${store.current}/${chat.loaded}`, (end) => store.seen(end));
  useEffect(() => {
    document.addEventListener('visibilitychange', remember);
    return () => document.removeEventListener('visibilitychange', remember);
  }, []);
  const idle = useRef(0);
  const scrolled = () => {
    const list = box.current!;
    list.dataset['moves'] = '';
    window.clearTimeout(idle.current);
    idle.current = window.setTimeout(() => delete list.dataset['moves'], 900);
    remember();
  };
  const unread = chat.unread;
  return (
    <div class="conversation-frame">
      <div class="conversation" ref={box} onScroll={scrolled} role="log" aria-label={t('conversation')} aria-live="polite" tabIndex={0}>
        <div class="conversation-inner">
          {!store.bot && store.ready && <NoBot />}
          {store.bot && chat.loaded && chat.messages.size === 0 && <div class="hint">{t('empty')}</div>}
          <Messages chat={chat} acts={acts} />
          <Live chat={chat} />
        </div>
      </div>
      {!atEnd && (
        <button class="to-end" onClick={() => toEnd(!calm())} aria-label={unread ? `${t('toEnd')}, ${t('unread')}: ${unread}` : t('toEnd')} data-testid="to-end">
          <Icon name="down" />
          {unread > 0 && <span class="badge">{unread}</span>}
        </button>
      )}
    </div>
  );
}

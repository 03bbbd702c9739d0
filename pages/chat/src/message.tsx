// One message (or one album) with its bubble, buttons, time and what can be done with it.
import { useState } from 'preact/hooks';
import { colourOf, timeOf } from './format';
import { Icon } from './icons';
import { InlineKeyboard } from './inline_keyboard';
import { useLongPress } from './long_press';
import { Album, Media } from './media';
import { Menu, type MenuItem } from './menu';
import { Invoice, PaymentNote } from './payment';
import { Rich } from './rich';
import { jumpTo } from './scroll';
import { store } from './store';
import { summaryOf } from './summary';
import { t } from './texts';
import type { Message } from './types';

export interface Acts {
  onOpen: (url: string) => void;
  onReply: (message: Message) => void;
  onEdit: (message: Message) => void;
  onPay: (invoice: Message) => void;
}

interface Props extends Acts {
  parts: Message[]; // more than one: an album
  begins: boolean; // first of several in a row by one person
  ends: boolean;
  answered: boolean;
  fresh: boolean;
}

function Quote({ message }: { message: Message }) {
  const jump = () => jumpTo(message.message_id) || store.tell(t('gone'));
  return (
    <button class="quote" onClick={jump} aria-label={`${t('reply')}: ${summaryOf(message)}`}>
      <b>{message.from.first_name}</b>
      <span>{summaryOf(message)}</span>
    </button>
  );
}

function Card({ message }: { message: Message }) {
  const { contact, location } = message;
  if (!contact && !location) return message.invoice ? <Invoice message={message} /> : null;
  return (
    <div class="card">
      <span class="round soft">
        <Icon name={contact ? 'contact' : 'place'} />
      </span>
      <span class="card-words">
        <b>{contact ? contact.first_name : t('location')}</b>
        <span class="small">{contact ? contact.phone_number : `${location!.latitude.toFixed(4)}, ${location!.longitude.toFixed(4)}`}</span>
      </span>
    </div>
  );
}

function Stamp({ message, own, answered }: { message: Message; own: boolean; answered: boolean }) {
  return (
    <span class="stamp">
      {message.edit_date && `${t('edited')} `}
      <time dateTime={new Date(message.date * 1000).toISOString()}>{timeOf(message.date)}</time>
      {own && <Icon name={answered ? 'checks' : 'check'} />}
    </span>
  );
}

function Content({ parts, onOpen }: { parts: Message[]; onOpen: (url: string) => void }) {
  const first = parts[0]!;
  const captioned = parts.find((part) => part.caption);
  const visual = parts.every((part) => part.photo ?? part.video);
  return (
    <>
      {first.reply_to_message && <Quote message={first.reply_to_message} />}
      {parts.length > 1 && visual ? <Album parts={parts} onOpen={onOpen} /> : parts.map((part) => <Media key={part.message_id} message={part} onOpen={onOpen} />)}
      <Card message={first} />
      {first.text && <Rich text={first.text} entities={first.entities} />}
      {captioned && <Rich text={captioned.caption!} entities={captioned.caption_entities} />}
    </>
  );
}

function actsOf(message: Message, own: boolean, { onReply, onEdit }: Acts): MenuItem[] {
  const words = message.text ?? message.caption;
  const copy = () => void navigator.clipboard?.writeText(words!).then(() => store.tell(t('copied')));
  const items: MenuItem[] = [{ icon: 'reply', label: t('reply'), act: () => onReply(message) }];
  if (words) items.push({ icon: 'copy', label: t('copy'), act: copy });
  if (own && words) items.push({ icon: 'edit', label: t('edit'), act: () => onEdit(message) });
  return items;
}

function Tools({ message, own, acts, menu, onMenu }: { message: Message; own: boolean; acts: Acts; menu: boolean; onMenu: (open: boolean) => void }) {
  const items = actsOf(message, own, acts);
  return (
    <div class="tools">
      {items.map(({ icon, label, act }) => (
        <button onClick={act} aria-label={label} title={label}>
          <Icon name={icon} />
        </button>
      ))}
      {menu && <Menu items={items} place="message-menu" label={t('more')} onClose={() => onMenu(false)} />}
    </div>
  );
}

export function MessageView({ parts, begins, ends, answered, fresh, ...acts }: Props) {
  const [menu, setMenu] = useState(false);
  const press = useLongPress(() => setMenu(true));
  const first = parts[0]!;
  const last = parts[parts.length - 1]!;
  if (first.successful_payment || first.refunded_payment) return <PaymentNote message={first} />;
  // Whoever speaks now sees a group with their eyes.
  const own = !first.from.is_bot && (first.chat.id > 0 || first.from.id === store.speaker);
  const visual = parts.every((part) => part.photo ?? part.video);
  const titled = first.chat.id < 0 && begins && !own;
  const wordless = !first.text && !parts.some((part) => part.caption);
  const compact = wordless && parts.length === 1 && !visual && !first.sticker && !first.video_note && !first.animation;
  const bubble = ['bubble', (first.sticker ?? first.video_note) && 'bare', visual && 'visual', visual && wordless && 'wordless', compact && 'compact'].filter(Boolean).join(' ');
  const side = [own ? 'own' : 'theirs', begins && 'begins', ends && 'ends', fresh && 'fresh'].filter(Boolean).join(' ');
  return (
    <article
      class={`message ${side}`}
      id={`message-${first.message_id}`}
      data-id={first.message_id}
      aria-label={`${own && first.chat.id > 0 ? t('you') : first.from.first_name}, ${timeOf(last.date)}`}
    >
      <div class="message-column" {...press}>
        <div class={bubble}>
          {titled && (
            <div class="author" style={{ color: colourOf(first.from.id) }}>
              {first.from.first_name}
            </div>
          )}
          {Boolean(first.forward_origin) && <div class="small">{t('forwarded')}</div>}
          <Content parts={parts} onOpen={acts.onOpen} />
          <Stamp message={last} own={own} answered={answered} />
        </div>
        <InlineKeyboard message={last} onPay={acts.onPay} />
      </div>
      <Tools message={parts.find((part) => part.caption) ?? first} own={own} acts={acts} menu={menu} onMenu={setMenu} />
    </article>
  );
}

// One message (or one album) with its bubble, buttons and time.
import { api } from './api';
import { amountOf, colourOf, timeOf } from './format';
import { Icon } from './icons';
import { Media } from './media';
import { Rich } from './rich';
import { store, useStore } from './store';
import { t } from './texts';
import type { InlineButton, Message } from './types';

export function summaryOf(message: Message): string {
  const text = message.text ?? message.caption;
  if (text) return text;
  if (message.photo) return t('photo');
  if (message.voice) return t('voice');
  if (message.video ?? message.animation ?? message.video_note) return t('video');
  if (message.audio) return message.audio.title ?? t('audio');
  if (message.document) return message.document.file_name ?? t('file');
  if (message.sticker) return message.sticker.emoji ?? '🙂';
  if (message.contact) return t('contact');
  if (message.location) return t('location');
  return message.invoice?.title ?? '';
}

function Quote({ message }: { message: Message }) {
  const jump = () => document.getElementById(`message-${message.message_id}`)?.scrollIntoView({ block: 'center', behavior: 'smooth' });
  return (
    <button class="quote" onClick={jump}>
      <b>{message.from.first_name}</b>
      <span>{summaryOf(message)}</span>
    </button>
  );
}

function Invoice({ message }: { message: Message }) {
  const { title, description, currency, total_amount } = message.invoice!;
  const pay = () => store.act(() => api.pay(message.chat.id, { message_id: message.message_id, ...store.from() }));
  return (
    <div class="invoice">
      <b>{title}</b>
      <div>{description}</div>
      <button class="primary" onClick={pay}>
        {t('pay')} {amountOf(total_amount, currency)}
      </button>
    </div>
  );
}

function Extras({ message }: { message: Message }) {
  if (message.contact)
    return (
      <div class="card">
        <Icon name="contact" />
        <span>
          {message.contact.first_name}
          <br />
          <span class="small">{message.contact.phone_number}</span>
        </span>
      </div>
    );
  if (message.location)
    return (
      <div class="card">
        <Icon name="place" />
        <span>
          {message.location.latitude.toFixed(4)}, {message.location.longitude.toFixed(4)}
        </span>
      </div>
    );
  return message.invoice ? <Invoice message={message} /> : null;
}

function press(message: Message, button: InlineButton, row: number, column: number) {
  if (button.url) window.open(button.url, '_blank', 'noopener');
  else if (button.web_app) window.open(button.web_app.url, '_blank');
  else if (button.copy_text) void navigator.clipboard?.writeText(button.copy_text.text).then(() => store.tell(t('copied')));
  else if (button.pay) void store.act(() => api.pay(message.chat.id, { message_id: message.message_id, ...store.from() }));
  else void store.press(message, row, column);
}

function InlineKeyboard({ message }: { message: Message }) {
  useStore();
  return (
    <div class="inline-keyboard">
      {message.reply_markup!.inline_keyboard.map((buttons, row) => (
        <div class="row">
          {buttons.map((button, column) => (
            <button class={store.waits(message, row, column) ? 'waiting' : ''} onClick={() => press(message, button, row, column)}>
              <span>{button.text}</span>
              {(button.url || button.web_app) && <Icon name="link" />}
            </button>
          ))}
        </div>
      ))}
    </div>
  );
}

function Service({ message }: { message: Message }) {
  const payment = message.successful_payment ?? message.refunded_payment!;
  const words = t(message.successful_payment ? 'paid' : 'refunded');
  return (
    <div class="service" id={`message-${message.message_id}`}>
      {words}: {amountOf(payment.total_amount, payment.currency)}
    </div>
  );
}

interface Props {
  parts: Message[]; // more than one: an album
  onOpen: (url: string) => void;
  onReply: (message: Message) => void;
  onEdit: (message: Message) => void;
}

export function MessageView({ parts, onOpen, onReply, onEdit }: Props) {
  const first = parts[0]!;
  const last = parts[parts.length - 1]!;
  if (first.successful_payment || first.refunded_payment) return <Service message={first} />;
  const own = !first.from.is_bot;
  const captioned = parts.find((part) => part.caption);
  const inGroup = first.chat.id < 0;
  const bare = first.sticker && parts.length === 1;
  const visual = parts.every((part) => part.photo ?? part.video);
  return (
    <article class={`message ${own ? 'own' : 'theirs'}`} id={`message-${first.message_id}`} data-id={first.message_id}>
      <div class="message-column">
        <div class={`bubble ${bare ? 'bare' : ''} ${visual ? 'visual' : ''}`}>
          {inGroup && (
            <div class="author" style={{ color: colourOf(first.from.id) }}>
              {first.from.first_name}
            </div>
          )}
          {Boolean(first.forward_origin) && <div class="small">{t('forwarded')}</div>}
          {first.reply_to_message && <Quote message={first.reply_to_message} />}
          <div class={parts.length > 1 ? (visual ? `album album-${Math.min(parts.length, 10)}` : 'stack') : 'single'}>
            {parts.map((part) => (
              <Media key={part.message_id} message={part} onOpen={onOpen} />
            ))}
          </div>
          <Extras message={first} />
          {first.text && <Rich text={first.text} entities={first.entities} />}
          {captioned && <Rich text={captioned.caption!} entities={captioned.caption_entities} />}
          <span class="stamp">
            {last.edit_date && `${t('edited')} `}
            {timeOf(last.date)}
          </span>
        </div>
        {last.reply_markup && <InlineKeyboard message={last} />}
      </div>
      <div class="tools">
        <button onClick={() => onReply(first)} aria-label={t('reply')} title={t('reply')}>
          <Icon name="reply" />
        </button>
        {own && (first.text || captioned) && (
          <button onClick={() => onEdit(captioned ?? first)} aria-label={t('edit')} title={t('edit')}>
            <Icon name="edit" />
          </button>
        )}
      </div>
    </article>
  );
}

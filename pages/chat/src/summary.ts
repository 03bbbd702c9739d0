// A message in a line: for quotes, the list of people and screen readers.
import { amountOf } from './format';
import { t } from './texts';
import type { Message } from './types';

export function summaryOf(message: Message): string {
  const text = message.text ?? message.caption;
  if (text) return text;
  if (message.photo) return `🖼 ${t('photo')}`;
  if (message.voice) return `🎤 ${t('voice')}`;
  if (message.video ?? message.animation ?? message.video_note) return `🎬 ${t('video')}`;
  if (message.audio) return `🎵 ${message.audio.title ?? message.audio.file_name ?? t('audio')}`;
  if (message.document) return `📎 ${message.document.file_name ?? t('file')}`;
  if (message.sticker) return message.sticker.emoji ?? '🙂';
  if (message.contact) return t('contact');
  if (message.location) return t('location');
  if (message.successful_payment) return paymentWords(message);
  if (message.refunded_payment) return paymentWords(message);
  return message.invoice?.title ?? '';
}

export function paymentWords(message: Message): string {
  const { total_amount, currency } = (message.successful_payment ?? message.refunded_payment)!;
  return `${t(message.successful_payment ? 'paid' : 'refunded')}: ${amountOf(total_amount, currency)}`;
}

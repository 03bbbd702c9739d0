// Numbers and times as people read them.
import { russian, t } from './texts';

const locale = russian ? 'ru' : 'en-GB';
const clock = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit' });
const day = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'long' });

export const timeOf = (date: number) => clock.format(date * 1000);

export function dayOf(date: number): string {
  const then = new Date(date * 1000).toDateString();
  if (then === new Date().toDateString()) return t('today');
  if (then === new Date(Date.now() - 86_400_000).toDateString()) return t('yesterday');
  return day.format(date * 1000);
}

export function sizeOf(bytes = 0): string {
  const units = russian ? ['Б', 'КБ', 'МБ', 'ГБ'] : ['B', 'KB', 'MB', 'GB'];
  let unit = 0;
  while (bytes >= 1024 && unit < 3) {
    bytes /= 1024;
    unit += 1;
  }
  return `${bytes >= 10 || unit === 0 ? Math.round(bytes) : bytes.toFixed(1)} ${units[unit]}`;
}

export function lengthOf(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}

export function amountOf(amount: number, currency: string): string {
  return currency === 'XTR' ? `⭐ ${amount}` : new Intl.NumberFormat(locale, { style: 'currency', currency }).format(amount / 100);
}

export const initialsOf = (name: string) => [...name.trim()].slice(0, 1).join('').toUpperCase() || '?';

// One of eight colours, always the same for one person.
export const colourOf = (id: number) => `var(--person-${Math.abs(id) % 8})`;

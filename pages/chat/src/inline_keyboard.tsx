// The buttons under a message, and what each kind does.
import { amountOf } from './format';
import { Icon } from './icons';
import { store, useStore } from './store';
import { t } from './texts';
import type { InlineButton, Message } from './types';

interface Props {
  message: Message;
  onPay: (invoice: Message) => void;
}

// An invoice has a button to pay also where the bot gave it none.
function rowsOf({ invoice, reply_markup }: Message): InlineButton[][] {
  if (reply_markup?.inline_keyboard.length) return reply_markup.inline_keyboard;
  return invoice ? [[{ text: `${t('pay')} ${amountOf(invoice.total_amount, invoice.currency)}`, pay: true }]] : [];
}

export function InlineKeyboard({ message, onPay }: Props) {
  useStore();
  const rows = rowsOf(message);
  if (rows.length === 0) return null;
  const paying = store.checkouts.has(`${message.chat.id}/${message.message_id}`);
  const press = (button: InlineButton, row: number, column: number) => {
    if (button.url) window.open(button.url, '_blank', 'noopener');
    else if (button.web_app) window.open(button.web_app.url, '_blank');
    else if (button.copy_text) void navigator.clipboard?.writeText(button.copy_text.text).then(() => store.tell(t('copied')));
    else if (button.pay) onPay(message);
    else void store.press(message, row, column);
  };
  return (
    <div class="inline-keyboard">
      {rows.map((buttons, row) => (
        <div class="row">
          {buttons.map((button, column) => {
            const waits = button.pay ? paying : store.waits(message, row, column);
            return (
              <button class={`${waits ? 'waiting' : ''} ${button.style ?? ''}`} aria-busy={waits} onClick={() => press(button, row, column)}>
                <span>{waits && button.pay ? t('paying') : button.text}</span>
                {(button.url || button.web_app) && <Icon name="link" />}
                {button.copy_text && <Icon name="copy" />}
              </button>
            );
          })}
        </div>
      ))}
    </div>
  );
}

// Paying with test money: the invoice in its bubble, the question before, the note after.
import { Dialog } from './dialog';
import { amountOf } from './format';
import { store } from './store';
import { paymentWords } from './summary';
import { t } from './texts';
import type { Message } from './types';

export function Invoice({ message }: { message: Message }) {
  const { title, description, currency, total_amount } = message.invoice!;
  return (
    <div class="invoice">
      <span class="coin" aria-hidden="true">
        {currency === 'XTR' ? '⭐' : '💳'}
      </span>
      <span class="invoice-words">
        <b>{title}</b>
        <span>{description}</span>
        <span class="price">{amountOf(total_amount, currency)}</span>
      </span>
    </div>
  );
}

export function PaySheet({ invoice, onClose }: { invoice: Message; onClose: () => void }) {
  const { title, description, currency, total_amount } = invoice.invoice!;
  const price = amountOf(total_amount, currency);
  const pay = () => (onClose(), void store.pay(invoice));
  return (
    <Dialog label={t('confirmPay')} onClose={onClose} testid="pay">
      <div class="pay-sheet">
        <span class="coin big" aria-hidden="true">
          {currency === 'XTR' ? '⭐' : '💳'}
        </span>
        <h2>{t('confirmPay')}</h2>
        <p>
          <b>{title}</b>
          <br />
          {description}
        </p>
        <button class="primary wide" onClick={pay} autoFocus>
          {t('pay')} {price}
        </button>
        <button class="plain wide" onClick={onClose}>
          {t('cancel')}
        </button>
        <p class="small">{t('confirmPayText')}</p>
      </div>
    </Dialog>
  );
}

export function PaymentNote({ message }: { message: Message }) {
  return (
    <div class="service" id={`message-${message.message_id}`} data-id={message.message_id}>
      {paymentWords(message)}
    </div>
  );
}

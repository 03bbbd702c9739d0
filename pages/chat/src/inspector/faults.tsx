// What may go wrong at Telegram, at a click: each button sets one fault, which strikes the next call that fits.
import { useEffect, useState } from 'preact/hooks';
import { api } from '../api';
import { Icon, type IconName } from '../icons';
import { store } from '../store';
import { t, type TextKey } from '../texts';
import type { Fault } from '../types';
import { traffic } from './traffic';

interface Offer {
  icon: IconName;
  title: TextKey;
  note: TextKey;
  fault: Record<string, unknown>;
}

const offers: Offer[] = [
  { icon: 'hourglass', title: 'fault429', note: 'fault429Note', fault: { kind: '429' } },
  { icon: 'bolt', title: 'fault500', note: 'fault500Note', fault: { kind: '500' } },
  { icon: 'cut', title: 'faultBefore', note: 'faultBeforeNote', fault: { kind: 'drop_before' } },
  { icon: 'cut', title: 'faultAfter', note: 'faultAfterNote', fault: { kind: 'drop_after' } },
  { icon: 'pulse', title: 'faultSlow', note: 'faultSlowNote', fault: { kind: 'slow', delay_ms: 5000 } },
  { icon: 'twice', title: 'faultTwice', note: 'faultTwiceNote', fault: { kind: 'duplicate_update', method: 'update' } },
  { icon: 'download', title: 'faultFile', note: 'faultFileNote', fault: { kind: 'slow', delay_ms: 10000, method: 'file' } },
  { icon: 'file', title: 'faultCut', note: 'faultCutNote', fault: { kind: 'drop_after', method: 'file' } },
];
const methods = ['*', 'sendMessage', 'editMessageText', 'sendDocument', 'sendPhoto', 'answerCallbackQuery', 'getFile', 'getUpdates'];

// What waits, asked anew after each line of the traffic: only a call uses a fault up.
function usePending(): [Fault[], () => void] {
  const [pending, setPending] = useState<Fault[]>([]);
  const ask = () => void api.faults().then(({ faults }) => setPending(faults), () => {});
  useEffect(() => {
    let timer = 0;
    // One question for a burst of lines.
    const soon = () => (timer ||= window.setTimeout(() => ((timer = 0), ask()), 200));
    ask();
    const stop = traffic.watch(soon);
    return () => (stop(), window.clearTimeout(timer));
  }, []);
  return [pending, ask];
}

const target = (method: string) => (method === '*' ? t('anyCall') : method === 'file' ? t('fileDownload') : method);

function Choices({ method, times, wait, onMethod, onTimes, onWait }: Record<'method', string> & Record<'times' | 'wait', number> & {
  onMethod: (method: string) => void;
  onTimes: (times: number) => void;
  onWait: (seconds: number) => void;
}) {
  const number = (label: TextKey, value: number, most: number, set: (value: number) => void) => (
    <label>
      {t(label)}
      <input class="field" type="number" min={1} max={most} value={value} onInput={(event) => set(Math.max(1, event.currentTarget.valueAsNumber || 1))} />
    </label>
  );
  return (
    <div class="fault-choices">
      <label>
        {t('strikes')}
        <select class="field" value={method} onChange={(event) => onMethod(event.currentTarget.value)}>
          {methods.map((name) => (
            <option value={name}>{target(name)}</option>
          ))}
        </select>
      </label>
      {number('times', times, 99, onTimes)}
      {number('retryAfter', wait, 3600, onWait)}
    </div>
  );
}

export function Faults() {
  const [method, setMethod] = useState('*');
  const [times, setTimes] = useState(1);
  const [wait, setWait] = useState(3);
  const [pending, ask] = usePending();
  const set = ({ fault }: Offer) => void store.act(() => api.addFault({ method, count: times, retry_after: wait, ...fault })).then(ask);
  return (
    <div class="faults" role="tabpanel" aria-label={t('faults')}>
      <Choices method={method} times={times} wait={wait} onMethod={setMethod} onTimes={setTimes} onWait={setWait} />
      <div class="offers">
        {offers.map((offer) => (
          <button class="offer" onClick={() => set(offer)}>
            <Icon name={offer.icon} />
            <span>
              <b>{t(offer.title)}</b>
              <span class="small">{t(offer.note)}</span>
            </span>
          </button>
        ))}
      </div>
      <header class="pending-head">
        <h2>{t('pending')}</h2>
        {pending.length > 0 && (
          <button class="small-button" onClick={() => void store.act(api.clearFaults).then(ask)}>
            <Icon name="bin" /> {t('clear')}
          </button>
        )}
      </header>
      <ul class="pending" data-testid="pending" aria-live="polite">
        {pending.length === 0 && <li class="small">{t('noFaults')}</li>}
        {pending.map((fault) => (
          <li>
            <b>{fault.kind}</b>
            <span class="small">{fault.kind === 'duplicate_update' ? '' : target(fault.method)}</span>
            <span class="badge">×{fault.count}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

// Calls and updates as they happen, the newest first; one line each, the whole on a click.
import { useEffect, useMemo, useState } from 'preact/hooks';
import { Icon } from '../icons';
import { store, useStore } from '../store';
import { t, type TextKey } from '../texts';
import { Json } from './json';
import { failed, traffic, type Entry } from './traffic';

const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const shown = 200;

type Kind = 'updates' | 'calls' | 'errors' | 'polls' | 'allChats';
const kinds: Kind[] = ['updates', 'calls', 'errors', 'polls', 'allChats'];

// What an entry is about, in a few words of it.
function gist(entry: Entry): string {
  const sent = entry.sent as Record<string, any>;
  const body = entry.update ? (sent[entry.method] ?? {}) : sent;
  const words = body.text ?? body.caption ?? body.data ?? body.action ?? body.title ?? body.message?.text ?? body.file_id ?? body.invoice_payload;
  if (words) return String(words);
  const media = ['photo', 'voice', 'audio', 'video', 'document', 'sticker', 'contact', 'location', 'successful_payment', 'refunded_payment', 'media'].find((name) => body[name]);
  return media ?? entry.files[0] ?? '';
}

function Status({ entry }: { entry: Entry }) {
  if (entry.update) {
    const twice = entry.fates.length > 1;
    const fate = entry.fates[entry.fates.length - 1] ?? t('waiting');
    return <span class={`status ${failed(entry) ? 'bad' : entry.fates.length ? 'good' : 'open'}`}>{twice ? `${fate} ×${entry.fates.length}` : fate}</span>;
  }
  if (entry.status === null) return <span class="status open">{t('waiting')}</span>;
  const tone = entry.status === 200 ? 'good' : entry.status === 429 ? 'odd' : 'bad';
  return <span class={`status ${tone}`}>{entry.status === 0 ? t('dropped') : entry.status}</span>;
}

const duration = (ms: number) => (ms >= 1000 ? `${(ms / 1000).toFixed(1)} s` : ms >= 1 ? `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms` : `${Math.round(ms * 1000)} µs`);

function Row({ entry, open, onToggle }: { entry: Entry; open: boolean; onToggle: () => void }) {
  return (
    <li class={`entry-line ${entry.update ? 'update' : 'call'}`}>
      <button class="line-head" aria-expanded={open} onClick={onToggle}>
        <Icon name={entry.update ? 'arrow_down' : 'up'} />
        <span class="line-words">
          <b>{entry.method}</b>
          <span class="gist">{gist(entry)}</span>
        </span>
        <span class="line-end">
          <Status entry={entry} />
          <span class="when">
            {entry.fault && <em>{entry.fault}</em>}
            {!entry.update && entry.status !== null && `${duration(entry.ms)} · `}
            {clock.format(entry.at)}
          </span>
        </span>
      </button>
      {open && (
        <div class="line-body">
          {entry.violations.length > 0 && <p class="bad-words">{`${t('violations')}: ${entry.violations.join('; ')}`}</p>}
          {entry.files.length > 0 && <p class="small">{`${t('uploads')}: ${entry.files.join(', ')}`}</p>}
          <Json title={entry.update ? 'Update' : t('request')} value={entry.sent} />
          {entry.answer !== null && <Json title={t('answer')} value={entry.answer} />}
        </div>
      )}
    </li>
  );
}

function fits(entry: Entry, on: Set<Kind>, words: string, texts: string): boolean {
  if (entry.method === 'getUpdates' && !on.has('polls')) return false;
  if (!on.has(entry.update ? 'updates' : 'calls')) return false;
  if (on.has('errors') && !failed(entry)) return false;
  if (!on.has('allChats') && entry.chat !== 0 && entry.chat !== store.current) return false;
  return !words || texts.includes(words);
}

const searchable = (entry: Entry) => JSON.stringify([entry.method, entry.sent, entry.answer, entry.status, entry.fault]).toLowerCase();

export function TrafficList() {
  const { current } = useStore();
  const [version, redraw] = useState(0);
  const [on, setOn] = useState(new Set<Kind>(['updates', 'calls']));
  const [words, setWords] = useState('');
  const [open, setOpen] = useState('');
  useEffect(() => traffic.watch(() => redraw((n) => n + 1)), []);
  const entries = useMemo(() => {
    const wanted = words.trim().toLowerCase();
    const found = [...traffic.entries.values()].filter((entry) => fits(entry, on, wanted, wanted && searchable(entry)));
    return found.reverse().slice(0, shown);
  }, [version, on, words, current]);
  const toggle = (kind: Kind) => {
    const next = new Set(on);
    if (!next.delete(kind)) next.add(kind);
    setOn(next);
  };
  return (
    <div class="traffic" role="tabpanel" aria-label={t('traffic')}>
      <div class="filters">
        <div class="filter-row">
          <input class="field" type="search" placeholder={t('filter')} aria-label={t('filter')} value={words} onInput={(event) => setWords(event.currentTarget.value)} />
          <button class="tool" onClick={() => traffic.clear()} aria-label={t('clear')} title={t('clear')}>
            <Icon name="bin" />
          </button>
        </div>
        <div class="chips">
          {kinds.map((kind) => (
            <button class="chip" aria-pressed={on.has(kind)} onClick={() => toggle(kind)}>
              {t(kind as TextKey)}
            </button>
          ))}
        </div>
      </div>
      {entries.length === 0 && <p class="nothing">{t('noTraffic')}</p>}
      <ol class="lines" data-testid="traffic">
        {entries.map((entry) => (
          <Row key={entry.id} entry={entry} open={open === entry.id} onToggle={() => setOpen(open === entry.id ? '' : entry.id)} />
        ))}
      </ol>
    </div>
  );
}

// What goes between the bot and this server, and what shall go wrong there.
import { useState } from 'preact/hooks';
import { Icon } from '../icons';
import { t } from '../texts';
import { Faults } from './faults';
import { TrafficList } from './traffic_list';

const tabs = ['traffic', 'faults'] as const;

export function Inspector({ onClose }: { onClose: () => void }) {
  const [tab, setTab] = useState<(typeof tabs)[number]>('traffic');
  return (
    <aside class="inspector" aria-label={t('inspector')} data-testid="inspector">
      <header class="inspector-head">
        <div class="tabs" role="tablist">
          {tabs.map((name) => (
            <button role="tab" aria-selected={tab === name} onClick={() => setTab(name)}>
              {t(name)}
            </button>
          ))}
        </div>
        <button class="tool" onClick={onClose} aria-label={t('close')} title={t('close')}>
          <Icon name="close" />
        </button>
      </header>
      {tab === 'traffic' ? <TrafficList /> : <Faults />}
    </aside>
  );
}

// A voice message that is being recorded, with its loudness as it is.
import { useEffect, useState } from 'preact/hooks';
import { api } from './api';
import { lengthOf } from './format';
import { Icon } from './icons';
import type { VoiceRecorder } from './recorder';
import { store } from './store';
import { t } from './texts';

const shown = 40; // bars
const step = 100; // ms

export function Recording({ recorder, onEnd }: { recorder: VoiceRecorder; onEnd: () => void }) {
  const [levels, setLevels] = useState<number[]>([]);
  useEffect(() => {
    const timer = window.setInterval(() => setLevels((before) => [...before, recorder.level()].slice(-shown)), step);
    return () => window.clearInterval(timer);
  }, [recorder]);
  const finish = async () => {
    onEnd();
    const { file, seconds } = await recorder.finish();
    await store.act(() => api.sendFiles(store.current, [file], { kind: 'voice', duration: Math.max(1, Math.round(seconds)), ...store.from() }));
  };
  return (
    <div class="composer recording">
      <button class="tool" onClick={() => (recorder.cancel(), onEnd())} aria-label={t('cancel')}>
        <Icon name="bin" />
      </button>
      <span class="recording-dot" />
      <span class="recording-time">{lengthOf(recorder.seconds)}</span>
      <span class="bars live" aria-hidden="true">
        {levels.map((level) => (
          <i style={{ height: `${12 + 88 * level}%` }} />
        ))}
      </span>
      <button class="tool send" onClick={finish} aria-label={t('send')}>
        <Icon name="up" />
      </button>
    </div>
  );
}

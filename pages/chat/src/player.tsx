// Recordings: a voice message with its waveform, a piece of music with a line. One sounds at a time.
import { useEffect, useRef, useState } from 'preact/hooks';
import { api } from './api';
import { lengthOf, sizeOf } from './format';
import { Icon } from './icons';
import { t } from './texts';
import type { FileInfo } from './types';
import { waveformOf } from './waveform';

const bars = 44;
const speeds = [1, 1.5, 2];
const keys: Record<string, number> = { ArrowLeft: -5, ArrowDown: -5, ArrowRight: 5, ArrowUp: 5 }; // seconds

let sounding: HTMLAudioElement | null = null;

function Bars({ file, done }: { file: FileInfo; done: number }) {
  const [levels, setLevels] = useState<number[] | null>(null);
  useEffect(() => {
    let shown = true;
    void waveformOf(api.fileUrl(file.file_id), file.file_size ?? 0, bars).then((found) => shown && setLevels(found));
    return () => void (shown = false);
  }, [file.file_id]);
  return (
    <span class="bars" data-known={levels ? '1' : '0'}>
      {Array.from({ length: bars }, (_, i) => (
        <i class={(i + 0.5) / bars <= done ? 'done' : ''} style={{ height: `${12 + 88 * (levels?.[i] ?? 0)}%` }} />
      ))}
    </span>
  );
}

// The line that shows and sets where one is; a slider for keyboard and screen reader.
function Track({ file, voice, at, length, onSeek }: { file: FileInfo; voice: boolean; at: number; length: number; onSeek: (to: number) => void }) {
  const done = length ? Math.min(1, at / length) : 0;
  const point = (event: PointerEvent) => {
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    onSeek((length * (event.clientX - box.left)) / box.width);
  };
  const key = (event: KeyboardEvent) => {
    const step = keys[event.key];
    if (!step) return;
    event.preventDefault();
    onSeek(at + step);
  };
  return (
    <div
      class={voice ? 'track wave' : 'track line'}
      role="slider"
      tabIndex={0}
      aria-label={t('position')}
      aria-valuemin={0}
      aria-valuemax={Math.round(length)}
      aria-valuenow={Math.round(at)}
      aria-valuetext={`${lengthOf(at)} / ${lengthOf(length)}`}
      onPointerDown={(event) => (event.currentTarget.setPointerCapture(event.pointerId), point(event))}
      onPointerMove={(event) => event.buttons > 0 && point(event)}
      onKeyDown={key}
    >
      {voice ? <Bars file={file} done={done} /> : <span class="line-done" style={{ width: `${done * 100}%` }} />}
    </div>
  );
}

export function Player({ file, title, voice = false }: { file: FileInfo; title: string; voice?: boolean }) {
  const audio = useRef<HTMLAudioElement>(null);
  const [playing, setPlaying] = useState(false);
  const [at, setAt] = useState(0);
  const [speed, setSpeed] = useState(1);
  const [measured, setMeasured] = useState(0);
  const length = file.duration || measured;
  const toggle = () => (playing ? audio.current?.pause() : void audio.current?.play().catch(() => setPlaying(false)));
  const seek = (to: number) => {
    const there = Math.max(0, Math.min(length, to));
    if (audio.current) audio.current.currentTime = there;
    setAt(there);
  };
  const started = (element: HTMLAudioElement) => {
    if (sounding !== element) sounding?.pause();
    sounding = element;
    element.playbackRate = speed;
    setPlaying(true);
  };
  const faster = () => {
    const next = speeds[(speeds.indexOf(speed) + 1) % speeds.length]!;
    setSpeed(next);
    if (audio.current) audio.current.playbackRate = next;
  };
  // Four times a second is a stutter; the next frame is smooth.
  useEffect(() => {
    if (!playing) return;
    let frame = requestAnimationFrame(function follow() {
      if (audio.current) setAt(audio.current.currentTime);
      frame = requestAnimationFrame(follow);
    });
    return () => cancelAnimationFrame(frame);
  }, [playing]);
  return (
    <div class="player" role="group" aria-label={`${title}, ${lengthOf(length)}`}>
      <button class="round" onClick={toggle} aria-label={t(playing ? 'pause' : 'play')} aria-pressed={playing}>
        <Icon name={playing ? 'pause' : 'play'} filled={!playing} />
      </button>
      <div class="player-line">
        {!voice && <div class="player-title">{title}</div>}
        <Track file={file} voice={voice} at={at} length={length} onSeek={seek} />
        <div class="player-notes">
          <span class="player-time">{at > 0 || playing ? `${lengthOf(at)} / ${lengthOf(length)}` : lengthOf(length)}</span>
          {(playing || at > 0 || speed !== 1) && (
            <button class="speed" onClick={faster} aria-label={`${t('speed')} ${speed}`}>
              {speed}×
            </button>
          )}
          {at === 0 && !playing && <span>{sizeOf(file.file_size)}</span>}
        </div>
      </div>
      <audio
        ref={audio}
        src={api.fileUrl(file.file_id)}
        preload="none"
        onPlay={(event) => started(event.currentTarget)}
        onPause={() => setPlaying(false)}
        onEnded={() => (setPlaying(false), setAt(0))}
        onLoadedMetadata={({ currentTarget }) => Number.isFinite(currentTarget.duration) && setMeasured(currentTarget.duration)}
      />
    </div>
  );
}

// Files inside bubbles: pictures, recordings, documents.
import { useRef, useState } from 'preact/hooks';
import { api } from './api';
import { lengthOf, sizeOf } from './format';
import { Icon } from './icons';
import { t } from './texts';
import type { FileInfo, Message } from './types';

export function Picture({ file, onOpen }: { file: FileInfo; onOpen: (url: string) => void }) {
  const url = api.fileUrl(file.file_id);
  return (
    <button class="picture" onClick={() => onOpen(url)} aria-label={t('photo')} style={{ aspectRatio: `${file.width || 4} / ${file.height || 3}` }}>
      <img src={url} alt={t('photo')} loading="lazy" />
    </button>
  );
}

function Film({ file }: { file: FileInfo }) {
  return <video class="film" src={api.fileUrl(file.file_id)} controls preload="metadata" playsInline />;
}

// A player of our own: the browser's is wider than a bubble.
function Player({ file, title }: { file: FileInfo; title: string }) {
  const audio = useRef<HTMLAudioElement>(null);
  const [playing, setPlaying] = useState(false);
  const [at, setAt] = useState(0);
  const length = file.duration || (audio.current && Number.isFinite(audio.current.duration) ? audio.current.duration : 0);
  const toggle = () => (playing ? audio.current?.pause() : void audio.current?.play().catch(() => setPlaying(false)));
  const seek = (event: MouseEvent) => {
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    if (audio.current && length) audio.current.currentTime = ((event.clientX - box.left) / box.width) * length;
  };
  return (
    <div class="player">
      <button class="round" onClick={toggle} aria-label={title}>
        <Icon name={playing ? 'pause' : 'play'} filled={!playing} />
      </button>
      <div class="player-line">
        <div class="player-title">{title}</div>
        <div class="track" onClick={seek}>
          <div class="track-done" style={{ width: `${length ? Math.min(100, (at / length) * 100) : 0}%` }} />
        </div>
        <div class="small">
          {at > 0 ? `${lengthOf(at)} / ` : ''}
          {lengthOf(length)} · {sizeOf(file.file_size)}
        </div>
      </div>
      <audio
        ref={audio}
        src={api.fileUrl(file.file_id)}
        preload="none"
        onPlay={() => setPlaying(true)}
        onPause={() => setPlaying(false)}
        onEnded={() => setAt(0)}
        onTimeUpdate={(event) => setAt(event.currentTarget.currentTime)}
      />
    </div>
  );
}

function Document({ file }: { file: FileInfo }) {
  return (
    <a class="document" href={`${api.fileUrl(file.file_id)}?download`} download={file.file_name ?? ''} title={t('download')}>
      <span class="round">
        <Icon name="file" />
      </span>
      <span class="document-words">
        <span class="document-name">{file.file_name ?? t('file')}</span>
        <span class="small">{sizeOf(file.file_size)}</span>
      </span>
    </a>
  );
}

export function Media({ message, onOpen }: { message: Message; onOpen: (url: string) => void }) {
  const { photo, video, animation, video_note, voice, audio, document, sticker } = message;
  if (photo) return <Picture file={photo[photo.length - 1]!} onOpen={onOpen} />;
  const film = video ?? animation ?? video_note;
  if (film) return <Film file={film} />;
  if (voice) return <Player file={voice} title={t('voice')} />;
  if (audio) return <Player file={audio} title={[audio.performer, audio.title].filter(Boolean).join(' — ') || audio.file_name || t('audio')} />;
  if (document) return <Document file={document} />;
  if (sticker) return <div class="sticker">{sticker.emoji ?? '🙂'}</div>;
  return null;
}

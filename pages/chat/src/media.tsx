// Files inside bubbles: pictures, albums, films; recordings and documents have files of their own.
import { useMemo } from 'preact/hooks';
import { api } from './api';
import { Document } from './document';
import { mosaic } from './mosaic';
import { Player } from './player';
import { t } from './texts';
import type { FileInfo, Message } from './types';

type Open = (url: string) => void;

const ratioOf = (file: FileInfo) => (file.width && file.height ? file.width / file.height : 4 / 3);
const pictureOf = ({ photo }: Message) => photo?.[photo.length - 1];
const filmOf = ({ video, animation, video_note }: Message) => video ?? animation ?? video_note;

function Picture({ file, label, onOpen }: { file: FileInfo; label: string; onOpen: Open }) {
  const url = api.fileUrl(file.file_id);
  return (
    <button class="picture" onClick={() => onOpen(url)} aria-label={label}>
      <img src={url} alt="" loading="lazy" />
    </button>
  );
}

function Film({ file, round = false }: { file: FileInfo; round?: boolean }) {
  return <video class={round ? 'film note' : 'film'} src={api.fileUrl(file.file_id)} controls preload="metadata" playsInline />;
}

export function Album({ parts, onOpen }: { parts: Message[]; onOpen: Open }) {
  const ratios = parts.map((part) => ratioOf((pictureOf(part) ?? filmOf(part))!));
  const rows = useMemo(() => mosaic(ratios), [ratios.join()]);
  let at = 0;
  return (
    <div class={`album album-${parts.length}`} role="group" aria-label={`${t('album')}: ${parts.length}`}>
      {rows.map((row) => (
        <div class="album-row" style={{ aspectRatio: `${row.reduce((a, b) => a + b, 0)}` }}>
          {row.map((ratio) => {
            const part = parts[at++]!;
            const photo = pictureOf(part);
            return (
              <div class="album-cell" style={{ flexGrow: ratio }} key={part.message_id}>
                {photo ? <Picture file={photo} label={`${t('photo')} ${at} / ${parts.length}`} onOpen={onOpen} /> : <Film file={filmOf(part)!} />}
              </div>
            );
          })}
        </div>
      ))}
    </div>
  );
}

export function Media({ message, onOpen }: { message: Message; onOpen: Open }) {
  const { voice, audio, document, sticker, video_note } = message;
  const photo = pictureOf(message);
  if (photo)
    return (
      <div class="lone" style={{ aspectRatio: `${ratioOf(photo)}`, width: `${Math.min(360, 400 * ratioOf(photo))}px` }}>
        <Picture file={photo} label={t('photo')} onOpen={onOpen} />
      </div>
    );
  const film = filmOf(message);
  if (film) return <Film file={film} round={Boolean(video_note)} />;
  if (voice) return <Player file={voice} title={t('voice')} voice />;
  if (audio) return <Player file={audio} title={[audio.performer, audio.title].filter(Boolean).join(' — ') || audio.file_name || t('audio')} />;
  if (document) return <Document file={document} onOpen={onOpen} />;
  if (sticker) return <div class="sticker">{sticker.emoji ?? '🙂'}</div>;
  return null;
}

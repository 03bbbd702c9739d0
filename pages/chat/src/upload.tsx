// Files that are about to be sent: what they are, a caption, one button.
import { useEffect, useMemo, useState } from 'preact/hooks';
import { api } from './api';
import { Dialog } from './dialog';
import { sizeOf } from './format';
import { Icon } from './icons';
import { store } from './store';
import { t } from './texts';

type Kind = 'photo' | 'video' | 'audio' | 'document';

const albumLimit = 10; // of Telegram's

function kindOf(file: File): Kind {
  if (/^image\/(jpeg|png|webp)$/.test(file.type)) return 'photo';
  if (file.type.startsWith('video/')) return 'video';
  if (file.type.startsWith('audio/')) return 'audio';
  return 'document';
}

async function durationOf(file: File): Promise<number> {
  const element = document.createElement(file.type.startsWith('video/') ? 'video' : 'audio');
  const url = URL.createObjectURL(file);
  try {
    return await new Promise<number>((resolve) => {
      element.onloadedmetadata = () => resolve(Number.isFinite(element.duration) ? Math.round(element.duration) : 0);
      element.onerror = () => resolve(0);
      element.src = url;
    });
  } finally {
    URL.revokeObjectURL(url);
  }
}

// One message or album for each kind, in the order they were chosen.
async function sendAll(files: File[], asFiles: boolean, caption: string) {
  const groups = new Map<Kind, File[]>();
  for (const file of files) {
    const kind = asFiles ? 'document' : kindOf(file);
    groups.set(kind, [...(groups.get(kind) ?? []), file]);
  }
  for (const [kind, list] of groups) {
    for (let at = 0; at < list.length; at += albumLimit) {
      const part = list.slice(at, at + albumLimit);
      const fields: Record<string, string | number> = { kind, caption, ...store.from() };
      if (kind === 'audio' || kind === 'video') fields['duration'] = await durationOf(part[0]!);
      await api.sendFiles(store.current, part, fields);
      caption = '';
    }
  }
}

export function UploadSheet({ files, onClose }: { files: File[]; onClose: () => void }) {
  const [caption, setCaption] = useState('');
  const [asFiles, setAsFiles] = useState(false);
  const [busy, setBusy] = useState(false);
  const previews = useMemo(() => files.map((file) => (kindOf(file) === 'photo' ? URL.createObjectURL(file) : '')), [files]);
  useEffect(() => () => previews.forEach((url) => url && URL.revokeObjectURL(url)), [previews]);
  const send = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    if (await store.act(() => sendAll(files, asFiles, caption))) onClose();
    setBusy(false);
  };
  return (
    <Dialog label={t('attach')} onClose={onClose} testid="upload">
      <form class="upload" onSubmit={send}>
        <div class="upload-list">
          {files.map((file, i) =>
            previews[i] && !asFiles ? (
              <img class="upload-picture" src={previews[i]} alt={file.name} />
            ) : (
              <div class="document">
                <span class="round soft">
                  <Icon name={kindOf(file) === 'audio' ? 'music' : 'file'} />
                </span>
                <span class="document-words">
                  <span class="document-name">{file.name}</span>
                  <span class="small">{sizeOf(file.size)}</span>
                </span>
              </div>
            ),
          )}
        </div>
        <input class="field" value={caption} placeholder={t('caption')} aria-label={t('caption')} onInput={(event) => setCaption(event.currentTarget.value)} autoFocus />
        {files.some((file) => kindOf(file) !== 'document') && (
          <label class="check">
            <input type="checkbox" checked={asFiles} onChange={(event) => setAsFiles(event.currentTarget.checked)} /> {t('asFiles')}
          </label>
        )}
        <div class="sheet-buttons">
          <button type="button" class="plain" onClick={onClose}>
            {t('cancel')}
          </button>
          <button class="primary" disabled={busy}>
            {t('send')}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

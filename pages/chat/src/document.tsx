// A file in a bubble: what it is, how big, and what it begins with.
import { useEffect, useState } from 'preact/hooks';
import { api } from './api';
import { Dialog } from './dialog';
import { sizeOf } from './format';
import { Icon } from './icons';
import { t } from './texts';
import type { FileInfo } from './types';

const families: Record<string, string> = {
  txt: 'text', md: 'text', srt: 'text', csv: 'text', json: 'text', log: 'text', html: 'text', xml: 'text',
  doc: 'word', docx: 'word', odt: 'word', rtf: 'word', pdf: 'pdf',
  xls: 'sheet', xlsx: 'sheet', zip: 'archive', gz: 'archive', '7z': 'archive', tar: 'archive',
  mp3: 'sound', wav: 'sound', ogg: 'sound', flac: 'sound', m4a: 'sound',
  jpg: 'image', jpeg: 'image', png: 'image', webp: 'image', gif: 'image',
}; // prettier-ignore
const beginning = 700; // characters in the bubble
const longest = 256 << 10; // bytes in the viewer

const extensionOf = (name: string) => (name.includes('.') ? name.slice(name.lastIndexOf('.') + 1).toLowerCase() : '');

// UTF-8 where it reads as that, else what Russian Windows writes.
function decoded(bytes: Uint8Array, whole: boolean): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: !whole });
  } catch {
    return new TextDecoder('windows-1251').decode(bytes);
  }
}

async function textOf(file: FileInfo): Promise<string> {
  const reader = (await fetch(api.fileUrl(file.file_id))).body!.getReader();
  const out = new Uint8Array(longest);
  let size = 0;
  for (let part = await reader.read(); !part.done && size < longest; part = await reader.read()) {
    const fitting = part.value.subarray(0, longest - size);
    out.set(fitting, size);
    size += fitting.length;
  }
  void reader.cancel();
  return decoded(out.subarray(0, size), size < longest);
}

function TextPreview({ file }: { file: FileInfo }) {
  const [text, setText] = useState('');
  const [open, setOpen] = useState(false);
  useEffect(() => {
    let shown = true;
    void textOf(file).then((found) => shown && setText(found), () => {});
    return () => void (shown = false);
  }, [file.file_id]);
  if (!text.trim()) return null;
  const name = file.file_name ?? t('file');
  const first = text.trim().slice(0, beginning);
  const long = first.length > 160 || first.split('\n').length > 4; // more than the box shows: it fades out
  return (
    <>
      <button class={`text-preview ${long ? 'long' : ''}`} onClick={() => setOpen(true)} aria-label={`${t('show')} ${name}`}>
        {first}
      </button>
      {open && (
        <Dialog label={name} onClose={() => setOpen(false)} testid="viewer">
          <header class="dialog-head">
            <b>{name}</b>
            <button class="tool" onClick={() => setOpen(false)} aria-label={t('close')}>
              <Icon name="close" />
            </button>
          </header>
          <pre class="text-whole" tabIndex={0}>
            {text}
          </pre>
        </Dialog>
      )}
    </>
  );
}

export function Document({ file, onOpen }: { file: FileInfo; onOpen: (url: string) => void }) {
  const name = file.file_name ?? t('file');
  const extension = extensionOf(name);
  const family = families[extension] ?? 'other';
  const url = api.fileUrl(file.file_id);
  const picture = /^image\/(jpeg|png|webp|gif)$/.test(file.mime_type ?? '');
  return (
    <div class="document-box">
      <div class="document">
        {picture ? (
          <button class="document-picture" onClick={() => onOpen(url)} aria-label={`${t('show')} ${name}`}>
            <img src={url} alt="" loading="lazy" />
          </button>
        ) : (
          <span class={`file-icon ${family}`} aria-hidden="true">
            <Icon name={family === 'sound' ? 'music' : 'file'} />
            <b>{extension.slice(0, 4)}</b>
          </span>
        )}
        <a class="document-words" href={`${url}?download`} download={name} title={t('download')} aria-label={`${t('download')} ${name}`}>
          <span class="document-name">{name}</span>
          <span class="small">
            <Icon name="download" />
            {sizeOf(file.file_size)}
          </span>
        </a>
      </div>
      {family === 'text' && (file.file_size ?? 0) > 0 && <TextPreview file={file} />}
    </div>
  );
}

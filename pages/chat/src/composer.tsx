// The line where one writes: text, commands, attachments, voice, and the bot's reply keyboard below it.
import { useEffect, useRef, useState } from 'preact/hooks';
import { api } from './api';
import { commandsOf } from './commands';
import { Icon } from './icons';
import { Menu, type MenuItem } from './menu';
import { Recording } from './recording';
import { ReplyKeyboard } from './reply_keyboard';
import { VoiceRecorder } from './recorder';
import { say, somewhere } from './say';
import { store, useStore } from './store';
import { summaryOf } from './summary';
import { t } from './texts';
import type { Message } from './types';

interface Props {
  replyTo: Message | null;
  editing: Message | null;
  onDone: () => void; // with reply and edit
  onFiles: (files: File[]) => void;
}

function CommandList({ filter, onPick }: { filter: string; onPick: (command: string) => void }) {
  const found = commandsOf(useStore()).filter(({ command }) => `/${command}`.startsWith(filter));
  if (found.length === 0) return null;
  return (
    <div class="commands" data-testid="commands">
      {found.map(({ command, description }) => (
        <button onClick={() => onPick(`/${command}`)}>
          <b>/{command}</b> <span>{description}</span>
        </button>
      ))}
    </div>
  );
}

function attachItems(onPick: () => void): MenuItem[] {
  return [
    { icon: 'file', label: t('file'), act: onPick },
    { icon: 'contact', label: t('contact'), act: () => void say({ contact: true }) },
    { icon: 'place', label: t('location'), act: () => void say({ location: somewhere }) },
    { icon: 'smile', label: t('sticker'), act: () => void say({ sticker: '👍' }) },
  ];
}

function Target({ replyTo, editing, onDone }: Omit<Props, 'onFiles'>) {
  const message = editing ?? replyTo;
  if (!message) return null;
  return (
    <div class="target">
      <Icon name={editing ? 'edit' : 'reply'} />
      <span class="target-words">
        <b>{editing ? t('editing') : message.from.first_name}</b>
        <span>{summaryOf(message)}</span>
      </span>
      <button class="tool" onClick={onDone} aria-label={t('cancel')}>
        <Icon name="close" />
      </button>
    </div>
  );
}

// The text of the line, and what the keys do with it.
function useWriting({ replyTo, editing, onDone, onFiles }: Props) {
  const current = store.current;
  const chat = store.chat(current);
  const input = useRef<HTMLTextAreaElement>(null);
  const [text, write] = useState(chat.written);
  const setText = (words: string) => {
    chat.written = editing ? '' : words;
    write(words);
  };
  useEffect(() => {
    if (editing) write(editing.text ?? editing.caption ?? '');
    if (editing || replyTo) input.current?.focus();
  }, [editing, replyTo]);
  useEffect(() => {
    const box = input.current;
    if (!box) return;
    box.style.height = 'auto';
    box.style.height = `${Math.min(box.scrollHeight, 160)}px`;
  }, [text]);

  const submit = async () => {
    const words = text.trim();
    if (!words) return;
    setText('');
    const target = replyTo ? { reply_to: replyTo.message_id } : {};
    const done = editing
      ? await store.act(() => api.edit(current, editing.message_id, { [editing.text ? 'text' : 'caption']: words, ...store.from() }))
      : await say({ text: words, ...target });
    if (done) onDone();
    else setText(words);
  };
  const key = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      void submit();
    }
    if (event.key === 'Escape') onDone();
  };
  const paste = (event: ClipboardEvent) => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (files.length === 0) return;
    event.preventDefault();
    onFiles(files);
  };
  return { input, text, setText, submit, key, paste };
}

type Writing = ReturnType<typeof useWriting>;

function Line({ writing, onFiles }: { writing: Writing; onFiles: Props['onFiles'] }) {
  const { input, text, setText, key, paste } = writing;
  const { keyboard, keyboardOpen } = store.chat();
  const [menu, setMenu] = useState(false);
  const picker = useRef<HTMLInputElement>(null);
  return (
    <div class="line-box">
      {menu && <Menu items={attachItems(() => picker.current?.click())} place="attach-menu" label={t('attach')} onClose={() => setMenu(false)} />}
      <button class="tool" onClick={() => setMenu(!menu)} aria-label={t('attach')} title={t('attach')} aria-haspopup="menu" aria-expanded={menu}>
        <Icon name="attach" />
      </button>
      <input ref={picker} type="file" multiple hidden onChange={(event) => (onFiles([...(event.currentTarget.files ?? [])]), (event.currentTarget.value = ''))} />
      <textarea
        ref={input}
        rows={1}
        value={text}
        placeholder={keyboard?.input_field_placeholder ?? t('message')}
        onInput={(event) => setText(event.currentTarget.value)}
        onKeyDown={key}
        onPaste={paste}
        aria-label={t('message')}
      />
      {!text && commandsOf(store).length > 0 && (
        <button class="tool" onClick={() => (setText('/'), input.current?.focus())} aria-label={t('commands')} title={t('commands')}>
          <Icon name="slash" />
        </button>
      )}
      {keyboard && (
        <button class={`tool ${keyboardOpen ? 'on' : ''}`} onClick={() => store.toggleKeyboard()} aria-label={t('keyboard')} title={t('keyboard')} aria-expanded={keyboardOpen}>
          <Icon name={keyboardOpen ? 'down' : 'keyboard'} />
        </button>
      )}
    </div>
  );
}

export function Composer(props: Props) {
  const { bot, current } = useStore();
  const chat = store.chat(current);
  const writing = useWriting(props);
  const { text, setText, submit } = writing;
  const [recorder, setRecorder] = useState<VoiceRecorder | null>(null);
  const record = async () => {
    try {
      setRecorder(await VoiceRecorder.start());
    } catch {
      store.tell(t('noMicrophone'));
    }
  };

  if (!bot) return null;
  if (chat.blocked)
    return (
      <div class="composer blocked">
        <span>{t('blocked')}</span>
        <button class="primary" onClick={() => store.act(() => api.block(current, false))}>
          {t('unblock')}
        </button>
      </div>
    );
  if (recorder) return <Recording recorder={recorder} onEnd={() => setRecorder(null)} />;
  if (chat.loaded && chat.messages.size === 0)
    return (
      <div class="composer blocked">
        <button class="primary wide" onClick={() => say({ text: '/start' })}>
          {t('start')}
        </button>
      </div>
    );
  return (
    <div class="composer-box">
      {text.startsWith('/') && !text.includes(' ') && <CommandList filter={text} onPick={(command) => (setText(''), void say({ text: command }))} />}
      <Target replyTo={props.replyTo} editing={props.editing} onDone={props.onDone} />
      <div class="composer">
        <Line writing={writing} onFiles={props.onFiles} />
        {text.trim() ? (
          <button class="tool send" onClick={submit} aria-label={t('send')} title={t('send')}>
            <Icon name="up" />
          </button>
        ) : (
          <button class="tool" onClick={record} aria-label={t('record')} title={t('record')}>
            <Icon name="microphone" />
          </button>
        )}
      </div>
      <ReplyKeyboard />
    </div>
  );
}

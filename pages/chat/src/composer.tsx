// The line where one writes: text, commands, attachments, voice, and the bot's reply keyboard below it.
import { useEffect, useRef, useState } from 'preact/hooks';
import { api } from './api';
import { commandsOf } from './commands';
import { lengthOf } from './format';
import { Icon } from './icons';
import { summaryOf } from './message';
import { VoiceRecorder } from './recorder';
import { store, useStore } from './store';
import { t } from './texts';
import type { Message, ReplyButton } from './types';

interface Props {
  replyTo: Message | null;
  editing: Message | null;
  onDone: () => void; // with reply and edit
  onFiles: (files: File[]) => void;
}

const send = (content: Record<string, unknown>) => store.act(() => api.write(store.current, { ...content, ...store.from() }));

function ReplyKeyboard() {
  const chat = useStore().chat();
  if (!chat.keyboard || !chat.keyboardOpen) return null;
  const press = (button: ReplyButton) => {
    if (button.request_contact) return send({ contact: true });
    if (button.request_location) return send({ location: { latitude: 55.7558, longitude: 37.6173 } });
    if (button.web_app) return void window.open(button.web_app.url, '_blank');
    return send({ text: button.text });
  };
  return (
    <div class="reply-keyboard" data-testid="reply-keyboard">
      {chat.keyboard.keyboard.map((row) => (
        <div class="row">
          {row.map((button) => (
            <button onClick={() => press(button)}>{button.text}</button>
          ))}
        </div>
      ))}
    </div>
  );
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

function AttachMenu({ onPick, onClose }: { onPick: () => void; onClose: () => void }) {
  const items = [
    { icon: 'file', key: 'file', act: onPick },
    { icon: 'contact', key: 'contact', act: () => send({ contact: true }) },
    { icon: 'place', key: 'location', act: () => send({ location: { latitude: 55.7558, longitude: 37.6173 } }) },
    { icon: 'add', key: 'sticker', act: () => send({ sticker: '👍' }) },
  ] as const;
  return (
    <>
      <div class="clickaway" onClick={onClose} />
      <div class="menu attach-menu">
        {items.map(({ icon, key, act }) => (
          <button onClick={() => (onClose(), void act())}>
            <Icon name={icon} /> {t(key)}
          </button>
        ))}
      </div>
    </>
  );
}

function Recording({ recorder, onEnd }: { recorder: VoiceRecorder; onEnd: () => void }) {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    const timer = window.setInterval(() => setSeconds(recorder.seconds), 200);
    return () => window.clearInterval(timer);
  }, [recorder]);
  const finish = async () => {
    onEnd();
    const { file, seconds: length } = await recorder.finish();
    await store.act(() => api.sendFiles(store.current, [file], { kind: 'voice', duration: Math.max(1, Math.round(length)), ...store.from() }));
  };
  return (
    <div class="composer recording">
      <button class="tool" onClick={() => (recorder.cancel(), onEnd())} aria-label={t('cancel')}>
        <Icon name="bin" />
      </button>
      <span class="recording-dot" />
      <span class="recording-time">{lengthOf(seconds)}</span>
      <button class="tool send" onClick={finish} aria-label={t('send')}>
        <Icon name="send" />
      </button>
    </div>
  );
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

export function Composer({ replyTo, editing, onDone, onFiles }: Props) {
  const { bot, current } = useStore();
  const chat = store.chat(current);
  const [text, setText] = useState('');
  const [menu, setMenu] = useState(false);
  const [recorder, setRecorder] = useState<VoiceRecorder | null>(null);
  const input = useRef<HTMLTextAreaElement>(null);
  const picker = useRef<HTMLInputElement>(null);

  useEffect(() => {
    if (editing) setText(editing.text ?? editing.caption ?? '');
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
      : await send({ text: words, ...target });
    if (done) onDone();
    else setText(words);
  };
  const record = async () => {
    try {
      setRecorder(await VoiceRecorder.start());
    } catch {
      store.tell(t('noMicrophone'));
    }
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
        <button class="primary wide" onClick={() => send({ text: '/start' })}>
          {t('start')}
        </button>
      </div>
    );
  return (
    <div class="composer-box">
      {text.startsWith('/') && !text.includes(' ') && <CommandList filter={text} onPick={(command) => (setText(''), void send({ text: command }))} />}
      <Target replyTo={replyTo} editing={editing} onDone={onDone} />
      <div class="composer">
        {menu && <AttachMenu onPick={() => picker.current?.click()} onClose={() => setMenu(false)} />}
        <button class="tool" onClick={() => setMenu(!menu)} aria-label={t('attach')} title={t('attach')}>
          <Icon name="attach" />
        </button>
        <input ref={picker} type="file" multiple hidden onChange={(event) => (onFiles([...(event.currentTarget.files ?? [])]), (event.currentTarget.value = ''))} />
        <textarea
          ref={input}
          rows={1}
          value={text}
          placeholder={chat.keyboard?.input_field_placeholder ?? t('message')}
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
        {chat.keyboard && (
          <button class={`tool ${chat.keyboardOpen ? 'on' : ''}`} onClick={() => store.toggleKeyboard()} aria-label={t('keyboard')} title={t('keyboard')}>
            <Icon name="keyboard" />
          </button>
        )}
        {text.trim() ? (
          <button class="tool send" onClick={submit} aria-label={t('send')} title={t('send')}>
            <Icon name="send" />
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

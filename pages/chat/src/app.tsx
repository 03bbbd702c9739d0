// The page: people on the left, the chat on the right; on a phone one of the two.
import { useState } from 'preact/hooks';
import { api } from './api';
import { menuButtonOf } from './commands';
import { Composer } from './composer';
import { Conversation } from './conversation';
import { Icon } from './icons';
import { Avatar, Sidebar } from './sidebar';
import { store, useStore } from './store';
import { t } from './texts';
import type { Message } from './types';
import { UploadSheet } from './upload';

function Header({ onPeople }: { onPeople: () => void }) {
  const { bot, current, users } = useStore();
  const [menu, setMenu] = useState(false);
  const group = store.group();
  const person = users.find((user) => user.id === current);
  const unread = [...users, ...store.groups].reduce((sum, { id }) => sum + (id === current ? 0 : store.chat(id).unread), 0);
  const app = menuButtonOf(store);
  return (
    <header class="head">
      <button class="tool people-button" onClick={onPeople} aria-label={t('people')}>
        <Icon name="back" />
        {unread > 0 && <span class="badge">{unread}</span>}
      </button>
      <Avatar id={group ? group.id : (bot?.id ?? 0)} name={group ? group.title : (bot?.first_name ?? 'P')} />
      <div class="head-words">
        <b>{group ? group.title : (bot?.first_name ?? 'Persona')}</b>
        {group ? (
          <select class="speaker" value={store.speaker} onChange={(event) => ((store.speaker = Number(event.currentTarget.value)), store.hush())}>
            {group.members.map((id) => (
              <option value={id}>{users.find((user) => user.id === id)?.first_name ?? id}</option>
            ))}
          </select>
        ) : (
          <span class="small">
            {t('bot')} · {person ? person.first_name : ''}
          </span>
        )}
      </div>
      {app && (
        <a class="app-button" href={app.url} target="_blank" rel="noopener">
          {app.text}
        </a>
      )}
      {bot && (
        <button class="tool" onClick={() => setMenu(!menu)} aria-label="⋮">
          <Icon name="more" />
        </button>
      )}
      {menu && (
        <>
          <div class="clickaway" onClick={() => setMenu(false)} />
          <div class="menu head-menu">
            <button onClick={() => (setMenu(false), void store.act(() => api.block(current, !store.chat().blocked)))}>
              <Icon name="close" /> {t(store.chat().blocked ? 'unblock' : 'block')}
            </button>
          </div>
        </>
      )}
    </header>
  );
}

function Notices() {
  const { notice, online } = useStore();
  return (
    <>
      {!online && (
        <div class="away" role="status" data-testid="away">
          {t('away')}
        </div>
      )}
      {notice && !notice.alert && (
        <div class="toast" role="status" data-testid="toast">
          {notice.text}
        </div>
      )}
      {notice?.alert && (
        <div class="veil" onClick={() => store.hush()}>
          <div class="sheet alert" role="alertdialog" data-testid="alert" onClick={(event) => event.stopPropagation()}>
            <p>{notice.text}</p>
            <button class="primary" onClick={() => store.hush()} autoFocus>
              OK
            </button>
          </div>
        </div>
      )}
    </>
  );
}

export function App() {
  const { current } = useStore();
  const [people, setPeople] = useState(false);
  const [replyTo, setReplyTo] = useState<Message | null>(null);
  const [editing, setEditing] = useState<Message | null>(null);
  const [files, setFiles] = useState<File[]>([]);
  const [picture, setPicture] = useState('');
  const [dropping, setDropping] = useState(false);
  const done = () => (setReplyTo(null), setEditing(null));
  const carriesFiles = (event: DragEvent) => Boolean(event.dataTransfer?.types.includes('Files'));
  return (
    <div class={`app ${people ? 'show-people' : ''}`}>
      <Sidebar onPick={() => (setPeople(false), done())} />
      <main
        class="chat"
        onDragOver={(event) => carriesFiles(event) && (event.preventDefault(), setDropping(true))}
        onDragLeave={(event) => event.currentTarget === event.target && setDropping(false)}
        onDrop={(event) => (event.preventDefault(), setDropping(false), setFiles([...(event.dataTransfer?.files ?? [])]))}
      >
        <Header onPeople={() => setPeople(true)} />
        <Conversation onOpen={setPicture} onReply={(message) => (setEditing(null), setReplyTo(message))} onEdit={(message) => (setReplyTo(null), setEditing(message))} />
        <Composer key={current} replyTo={replyTo} editing={editing} onDone={done} onFiles={setFiles} />
        {dropping && <div class="drop">{t('dropHere')}</div>}
        <Notices />
      </main>
      {files.length > 0 && <UploadSheet files={files} onClose={() => setFiles([])} />}
      {picture && (
        <div class="veil lightbox" onClick={() => setPicture('')}>
          <img src={picture} alt={t('photo')} />
          <button class="tool" aria-label={t('close')}>
            <Icon name="close" />
          </button>
        </div>
      )}
    </div>
  );
}

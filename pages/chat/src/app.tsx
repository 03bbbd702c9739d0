// The page: people on the left, the chat in the middle, the inspector on the right; on a phone one of them.
import { useEffect, useState } from 'preact/hooks';
import { Composer } from './composer';
import { Conversation } from './conversation';
import { Dialog } from './dialog';
import { Header } from './header';
import { Inspector } from './inspector/panel';
import { Lightbox } from './lightbox';
import { PaySheet } from './payment';
import { Sidebar } from './sidebar';
import { store, useStore } from './store';
import { t } from './texts';
import type { Message } from './types';
import { UploadSheet } from './upload';

const narrow = window.matchMedia('(max-width: 1080px)'); // no room for a third column

function Notices() {
  const { notice, online } = useStore();
  return (
    <>
      {!online && (
        <div class="away" role="status" data-testid="away">
          {t('away')}
        </div>
      )}
      <div class="toasts" role="status">
        {notice && !notice.alert && (
          <div class="toast" data-testid="toast">
            {notice.text}
          </div>
        )}
      </div>
      {notice?.alert && (
        <Dialog label={notice.text} alert testid="alert" onClose={() => store.hush()}>
          <p class="alert-words">{notice.text}</p>
          <button class="primary wide" onClick={() => store.hush()} autoFocus>
            OK
          </button>
        </Dialog>
      )}
    </>
  );
}

function useInspector() {
  const [open, setOpen] = useState(!narrow.matches && localStorage.getItem('inspector') === '1');
  const [drawer, setDrawer] = useState(narrow.matches);
  useEffect(() => {
    const change = () => setDrawer(narrow.matches);
    narrow.addEventListener('change', change);
    return () => narrow.removeEventListener('change', change);
  }, []);
  const toggle = () => {
    localStorage.setItem('inspector', open ? '0' : '1');
    setOpen(!open);
  };
  return { open, drawer, toggle };
}

export function App() {
  const { current } = useStore();
  const [people, setPeople] = useState(false);
  const [replyTo, setReplyTo] = useState<Message | null>(null);
  const [editing, setEditing] = useState<Message | null>(null);
  const [paying, setPaying] = useState<Message | null>(null);
  const [files, setFiles] = useState<File[]>([]);
  const [picture, setPicture] = useState('');
  const [dropping, setDropping] = useState(false);
  const inspector = useInspector();
  const unread = [...store.users, ...store.groups].reduce((sum, { id }) => sum + store.chat(id).unread, 0);
  useEffect(() => void (document.title = `${unread ? `(${unread}) ` : ''}${store.bot?.first_name ?? 'Persona'}`), [unread, store.bot?.first_name]);
  const done = () => (setReplyTo(null), setEditing(null), (store.chat().forceReply = null));
  const carriesFiles = (event: DragEvent) => Boolean(event.dataTransfer?.types.includes('Files'));
  return (
    <div class={`app ${people ? 'show-people' : ''} ${inspector.open && !inspector.drawer ? 'inspecting' : ''}`}>
      <Sidebar onPick={() => (setPeople(false), done())} />
      <main
        class="chat"
        onDragOver={(event) => carriesFiles(event) && (event.preventDefault(), setDropping(true))}
        onDragLeave={(event) => event.currentTarget === event.target && setDropping(false)}
        onDrop={(event) => (event.preventDefault(), setDropping(false), setFiles([...(event.dataTransfer?.files ?? [])]))}
      >
        <Header onPeople={() => setPeople(true)} inspecting={inspector.open} onInspect={inspector.toggle} />
        <Conversation
          onOpen={setPicture}
          onReply={(message) => (setEditing(null), setReplyTo(message))}
          onEdit={(message) => (setReplyTo(null), setEditing(message))}
          onPay={setPaying}
        />
        <Composer key={current} replyTo={replyTo ?? store.chat().forceReply} editing={editing} onDone={done} onFiles={setFiles} />
        {dropping && <div class="drop">{t('dropHere')}</div>}
        <Notices />
      </main>
      {inspector.open && !inspector.drawer && <Inspector onClose={inspector.toggle} />}
      {inspector.open && inspector.drawer && (
        <Dialog label={t('inspector')} kind="drawer" onClose={inspector.toggle}>
          <Inspector onClose={inspector.toggle} />
        </Dialog>
      )}
      {files.length > 0 && <UploadSheet files={files} onClose={() => setFiles([])} />}
      {paying && <PaySheet invoice={paying} onClose={() => setPaying(null)} />}
      {picture && <Lightbox url={picture} onShow={setPicture} onClose={() => setPicture('')} />}
    </div>
  );
}

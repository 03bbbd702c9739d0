// Who writes to the bot: people and groups, and how to add them.
import { useState } from 'preact/hooks';
import { api } from './api';
import { colourOf, initialsOf, timeOf } from './format';
import { Icon } from './icons';
import { summaryOf } from './message';
import { store, useStore } from './store';
import { russian, t } from './texts';

export function Avatar({ id, name }: { id: number; name: string }) {
  return (
    <span class="avatar" style={{ background: colourOf(id) }}>
      {initialsOf(name)}
    </span>
  );
}

function Entry({ id, name, note, onPick }: { id: number; name: string; note: string; onPick: () => void }) {
  const chat = store.chat(id);
  const last = [...chat.messages.values()].pop();
  return (
    <button class={`entry ${id === store.current ? 'current' : ''}`} onClick={() => (void store.open(id), onPick())}>
      <Avatar id={id} name={name} />
      <span class="entry-words">
        <span class="entry-top">
          <b>{name}</b>
          <span class="small">{last ? timeOf(last.date) : ''}</span>
        </span>
        <span class="entry-note">
          <span>{last ? summaryOf(last) : note}</span>
          {chat.unread > 0 && <span class="badge">{chat.unread}</span>}
        </span>
      </span>
    </button>
  );
}

function NewPerson({ onClose, onMade }: { onClose: () => void; onMade: () => void }) {
  const [name, setName] = useState('');
  const [language, setLanguage] = useState(russian ? 'ru' : 'en');
  const add = async (event: Event) => {
    event.preventDefault();
    await store.act(async () => {
      const user = await api.addUser(name.trim(), language);
      store.users = [...store.users.filter(({ id }) => id !== user.id), user];
      await store.open(user.id);
      onMade();
    });
  };
  return (
    <form class="new" onSubmit={add}>
      <input class="field" placeholder={t('newUserName')} value={name} onInput={(event) => setName(event.currentTarget.value)} autoFocus required />
      <div class="choice">
        {(['ru', 'en'] as const).map((code) => (
          <label class="check">
            <input type="radio" checked={language === code} onChange={() => setLanguage(code)} /> {t(code === 'ru' ? 'speaksRussian' : 'speaksEnglish')}
          </label>
        ))}
      </div>
      <div class="sheet-buttons">
        <button type="button" class="plain" onClick={onClose}>
          {t('cancel')}
        </button>
        <button class="primary">{t('create')}</button>
      </div>
    </form>
  );
}

function NewGroup({ onClose, onMade }: { onClose: () => void; onMade: () => void }) {
  const [title, setTitle] = useState('');
  const add = async (event: Event) => {
    event.preventDefault();
    await store.act(async () => {
      const group = await api.addGroup(
        title.trim(),
        store.users.map(({ id }) => id),
      );
      store.groups = [...store.groups.filter(({ id }) => id !== group.id), group];
      await store.open(group.id);
      onMade();
    });
  };
  return (
    <form class="new" onSubmit={add}>
      <input class="field" placeholder={t('groupTitle')} value={title} onInput={(event) => setTitle(event.currentTarget.value)} autoFocus required />
      <div class="sheet-buttons">
        <button type="button" class="plain" onClick={onClose}>
          {t('cancel')}
        </button>
        <button class="primary">{t('create')}</button>
      </div>
    </form>
  );
}

export function Sidebar({ onPick }: { onPick: () => void }) {
  const { users, groups, bot } = useStore();
  const [adding, setAdding] = useState<'' | 'person' | 'group'>('');
  const made = () => (setAdding(''), onPick());
  return (
    <nav class="sidebar">
      <header class="side-head">{t('people')}</header>
      <div class="entries">
        {users.map((user) => (
          <Entry id={user.id} name={[user.first_name, user.last_name].filter(Boolean).join(' ')} note={`id ${user.id}`} onPick={onPick} />
        ))}
        {groups.map((group) => (
          <Entry id={group.id} name={group.title} note={t('group')} onPick={onPick} />
        ))}
      </div>
      {adding === 'person' && <NewPerson onClose={() => setAdding('')} onMade={made} />}
      {adding === 'group' && <NewGroup onClose={() => setAdding('')} onMade={made} />}
      {adding === '' && (
        <div class="side-foot">
          <button class="plain" onClick={() => setAdding('person')}>
            <Icon name="add" /> {t('newUser')}
          </button>
          {bot && (
            <button class="plain" onClick={() => setAdding('group')}>
              <Icon name="people" /> {t('newGroup')}
            </button>
          )}
        </div>
      )}
    </nav>
  );
}

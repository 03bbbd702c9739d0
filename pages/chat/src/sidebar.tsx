// Who writes to the bot: people and groups, and how to add them.
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { api } from './api';
import { colourOf, initialsOf, timeOf } from './format';
import { Icon } from './icons';
import { store, useStore } from './store';
import { summaryOf } from './summary';
import { actionText, russian, t } from './texts';

export function Avatar({ id, name }: { id: number; name: string }) {
  return (
    <span class="avatar" style={{ '--tint': colourOf(id) }} aria-hidden="true">
      {initialsOf(name)}
    </span>
  );
}

// What stands below the name: what the bot does now, what one began to write, the last message.
function Preview({ id, note }: { id: number; note: string }) {
  const chat = store.chat(id);
  const last = chat.last;
  if (chat.draft || chat.action) return <span class="busy">{chat.draft ? t('writes') : actionText(chat.action)}</span>;
  if (chat.written && id !== store.current)
    return (
      <span>
        <span class="unsent">{t('draft')}: </span>
        {chat.written}
      </span>
    );
  return <span>{last ? `${last.from.is_bot ? '' : `${t('you')}: `}${summaryOf(last)}` : note}</span>;
}

function Entry({ id, name, note, onPick }: { id: number; name: string; note: string; onPick: () => void }) {
  const { last, unread } = store.chat(id);
  const current = id === store.current;
  return (
    <button class="entry" aria-current={current} onClick={() => (void store.open(id), onPick())}>
      <Avatar id={id} name={name} />
      <span class="entry-words">
        <span class="entry-top">
          <b>{name}</b>
          <span class="small">{last ? timeOf(last.date) : ''}</span>
        </span>
        <span class="entry-note">
          <Preview id={id} note={note} />
          {unread > 0 && !current && <span class="badge">{unread}</span>}
        </span>
      </span>
    </button>
  );
}

interface NewProps {
  placeholder: string;
  make: (name: string) => Promise<{ id: number }>;
  onClose: () => void;
  onMade: () => void;
  children?: ComponentChildren;
}

// A name and two buttons: makes a person or a group and opens the chat.
function NewChat({ placeholder, make, onClose, onMade, children }: NewProps) {
  const [name, setName] = useState('');
  const add = async (event: Event) => {
    event.preventDefault();
    await store.act(async () => {
      await store.open((await make(name.trim())).id);
      onMade();
    });
  };
  return (
    <form class="new" onSubmit={add} onKeyDown={(event) => event.key === 'Escape' && onClose()}>
      <input class="field" placeholder={placeholder} aria-label={placeholder} value={name} onInput={(event) => setName(event.currentTarget.value)} autoFocus required />
      {children}
      <div class="sheet-buttons">
        <button type="button" class="plain" onClick={onClose}>
          {t('cancel')}
        </button>
        <button class="primary">{t('create')}</button>
      </div>
    </form>
  );
}

function NewPerson(props: { onClose: () => void; onMade: () => void }) {
  const [language, setLanguage] = useState(russian ? 'ru' : 'en');
  const make = async (name: string) => {
    const user = await api.addUser(name, language);
    store.users = [...store.users.filter(({ id }) => id !== user.id), user];
    return user;
  };
  return (
    <NewChat placeholder={t('newUserName')} make={make} {...props}>
      <div class="choice" role="radiogroup">
        {(['ru', 'en'] as const).map((code) => (
          <label class="check">
            <input type="radio" name="language" checked={language === code} onChange={() => setLanguage(code)} /> {t(code === 'ru' ? 'speaksRussian' : 'speaksEnglish')}
          </label>
        ))}
      </div>
    </NewChat>
  );
}

function NewGroup(props: { onClose: () => void; onMade: () => void }) {
  const make = async (title: string) => {
    const members = store.users.map(({ id }) => id);
    const group = await api.addGroup(title, members);
    store.groups = [...store.groups.filter(({ id }) => id !== group.id), group];
    return group;
  };
  return <NewChat placeholder={t('groupTitle')} make={make} {...props} />;
}

export function Sidebar({ onPick }: { onPick: () => void }) {
  const { users, groups, bot } = useStore();
  const [adding, setAdding] = useState<'' | 'person' | 'group'>('');
  const made = () => (setAdding(''), onPick());
  return (
    <nav class="sidebar" aria-label={t('people')}>
      <h2 class="side-head">{t('people')}</h2>
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

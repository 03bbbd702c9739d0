// The top of the chat: who it is with, what they are doing, and the page's own switches.
import { useState } from 'preact/hooks';
import { api } from './api';
import { menuButtonOf } from './commands';
import { Icon, type IconName } from './icons';
import { Menu, type MenuItem } from './menu';
import { Avatar } from './sidebar';
import { store, useStore } from './store';
import { actionText, t } from './texts';
import { currentTheme, setTheme, themes, type Theme } from './theme';

const themeIcons: Record<Theme, IconName> = { system: 'screen', light: 'sun', dark: 'moon' };

function menuItems(): MenuItem[] {
  const items: MenuItem[] = themes.map((theme) => ({
    icon: themeIcons[theme],
    label: t(theme),
    checked: theme === currentTheme(),
    act: () => setTheme(theme),
  }));
  const { blocked } = store.chat();
  if (store.bot) items.push({ icon: 'block', label: t(blocked ? 'unblock' : 'block'), act: () => void store.act(() => api.block(store.current, !blocked)) });
  return items;
}

function Status() {
  const { current, users } = useStore();
  const { action, draft } = store.chat();
  const group = store.group();
  if (group)
    return (
      <select class="speaker" aria-label={t('people')} value={store.speaker} onChange={(event) => ((store.speaker = Number(event.currentTarget.value)), store.hush())}>
        {group.members.map((id) => (
          <option value={id}>{users.find((user) => user.id === id)?.first_name ?? id}</option>
        ))}
      </select>
    );
  if (draft || action) return <span class="small busy">{draft ? t('writes') : actionText(action)}</span>;
  return (
    <span class="small">
      {t('bot')} · {users.find((user) => user.id === current)?.first_name ?? ''}
    </span>
  );
}

export function Header({ onPeople, inspecting, onInspect }: { onPeople: () => void; inspecting: boolean; onInspect: () => void }) {
  const { bot, current, users, groups } = useStore();
  const [menu, setMenu] = useState(false);
  const group = store.group();
  const name = group ? group.title : (bot?.first_name ?? 'Persona');
  const unread = [...users, ...groups].reduce((sum, { id }) => sum + (id === current ? 0 : store.chat(id).unread), 0);
  const app = menuButtonOf(store);
  return (
    <header class="head">
      <button class="tool people-button" onClick={onPeople} aria-label={unread ? `${t('people')}, ${t('unread')}: ${unread}` : t('people')}>
        <Icon name="back" />
        {unread > 0 && <span class="badge">{unread}</span>}
      </button>
      <Avatar id={group ? group.id : (bot?.id ?? 0)} name={name} />
      <div class="head-words">
        <h1>{name}</h1>
        <Status />
      </div>
      {app && (
        <a class="app-button" href={app.url} target="_blank" rel="noopener">
          {app.text}
        </a>
      )}
      <button class={`tool ${inspecting ? 'on' : ''}`} onClick={onInspect} aria-label={t('inspector')} title={t('inspector')} aria-pressed={inspecting}>
        <Icon name="pulse" />
      </button>
      <button class="tool" onClick={() => setMenu(!menu)} aria-label={t('more')} title={t('more')} aria-haspopup="menu" aria-expanded={menu}>
        <Icon name="more" />
      </button>
      {menu && <Menu items={menuItems()} place="head-menu" label={t('more')} onClose={() => setMenu(false)} />}
    </header>
  );
}

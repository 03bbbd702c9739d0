// The commands that the bot set for this chat and language: the narrowest scope wins, then the language.
import type { store as Store } from './store';
import type { Command } from './types';

export function commandsOf(store: typeof Store): Command[] {
  const settings = store.bot?.settings ?? {};
  const language = store.users.find((user) => user.id === store.current)?.language_code ?? '';
  const scopes = store.current < 0 ? [`chat:${store.current}`, 'all_group_chats', 'default'] : [`chat:${store.current}`, 'all_private_chats', 'default'];
  for (const scope of scopes) {
    for (const wanted of [language, '']) {
      const commands = settings[`commands/${scope}/${wanted}`];
      if (Array.isArray(commands) && commands.length > 0) return commands as Command[];
    }
  }
  return [];
}

// A web app behind the menu button, where the bot set one.
export function menuButtonOf(store: typeof Store): { text: string; url: string } | null {
  for (const chat of [store.current, 0]) {
    const button = store.bot?.settings[`menu/${chat}`] as { type: string; text: string; web_app?: { url: string } } | undefined;
    if (button?.web_app) return { text: button.text, url: button.web_app.url };
  }
  return null;
}

// What the page knows, and how it changes: events of the server and acts of the person. Components read it by useStore.
import { useEffect, useState } from 'preact/hooks';
import { api } from './api';
import { russian, t } from './texts';
import type { Bot, Entity, Group, Message, ReplyKeyboard, SandboxEvent, User } from './types';

export interface Chat {
  messages: Map<number, Message>;
  keyboard: ReplyKeyboard | null;
  keyboardOpen: boolean;
  blocked: boolean;
  loaded: boolean;
  unread: number;
  action: string;
  draft: { text: string; entities: Entity[] } | null;
}

export interface Notice {
  text: string;
  alert: boolean;
}

const actionSeconds = 5; // https://core.telegram.org/bots/api#sendchataction
const draftSeconds = 30; // https://core.telegram.org/bots/api#sendmessagedraft

function emptyChat(): Chat {
  return { messages: new Map(), keyboard: null, keyboardOpen: true, blocked: false, loaded: false, unread: 0, action: '', draft: null };
}

class Store {
  bot: Bot | null = null;
  users: User[] = [];
  groups: Group[] = [];
  current = Number(localStorage.getItem('chat')) || 0;
  // Who writes in a group.
  speaker = 0;
  online = true;
  ready = false;
  notice: Notice | null = null;
  pressed = new Map<string, string>(); // callback query id → which button waits
  private chats = new Map<number, Chat>();
  private listeners = new Set<() => void>();
  private timers = new Map<string, number>();
  private source: EventSource | null = null;

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private changed() {
    for (const listener of this.listeners) listener();
  }

  chat(id = this.current): Chat {
    let chat = this.chats.get(id);
    if (!chat) this.chats.set(id, (chat = emptyChat()));
    return chat;
  }

  group(id = this.current): Group | undefined {
    return this.groups.find((group) => group.id === id);
  }

  // The sender's fields of an act in the current chat.
  from(): { from?: number } {
    return this.group() ? { from: this.speaker } : {};
  }

  async connect() {
    try {
      await this.load();
      this.listen();
    } catch {
      this.online = false;
      this.changed();
      window.setTimeout(() => this.connect(), 1000);
    }
  }

  private seq = 0;

  private async load() {
    const state = await api.state();
    this.bot = state.bot;
    this.users = state.users;
    this.groups = state.groups;
    this.seq = state.seq;
    if (this.users.length === 0) {
      this.users = [await api.addUser(russian ? 'Анна' : 'Anna', russian ? 'ru' : 'en')];
    }
    const known = this.users.some((user) => user.id === this.current) || this.group();
    if (!known) this.current = this.users[0]!.id;
    for (const chat of this.chats.values()) chat.loaded = false;
    await this.open(this.current);
    this.online = true;
    this.ready = true;
    this.changed();
  }

  private listen() {
    this.source?.close();
    const source = (this.source = api.events(this.seq));
    source.onmessage = (event) => this.take(JSON.parse(event.data) as SandboxEvent);
    source.onerror = () => {
      // The server may come back with another state: read everything again instead of going on where we were.
      source.close();
      this.online = false;
      this.changed();
      window.setTimeout(() => this.connect(), 1000);
    };
  }

  async open(id: number) {
    this.current = id;
    const group = this.group(id);
    if (group && !group.members.includes(this.speaker)) this.speaker = group.members[0] ?? 0;
    localStorage.setItem('chat', String(id));
    const chat = this.chat(id);
    chat.unread = 0;
    this.changed();
    if (chat.loaded || !this.bot) return;
    const history = await api.history(id);
    chat.messages = new Map(history.messages.map((message) => [message.message_id, message]));
    chat.keyboard = history.keyboard;
    chat.blocked = history.blocked;
    chat.loaded = true;
    this.changed();
  }

  private take(event: SandboxEvent) {
    this.seq = event.seq;
    const handle = this.handlers[event.type];
    if (handle) handle(event, this.chat(event.chat_id));
    this.changed();
  }

  private handlers: Partial<Record<SandboxEvent['type'], (event: SandboxEvent, chat: Chat) => void>> = {
    message: (event, chat) => {
      chat.messages.set(event.message!.message_id, event.message!);
      if (event.keyboard !== undefined) {
        chat.keyboard = event.keyboard;
        chat.keyboardOpen = true;
      }
      if (event.by_bot) {
        chat.action = '';
        chat.draft = null;
        if (event.chat_id !== this.current) chat.unread += 1;
      }
    },
    edit: (event, chat) => chat.messages.set(event.message!.message_id, event.message!),
    delete: (event, chat) => chat.messages.delete(event.message_id!),
    keyboard: (event, chat) => (chat.keyboard = event.keyboard ?? null),
    action: (event, chat) => {
      chat.action = event.action!;
      this.later(`action${event.chat_id}`, actionSeconds, () => (chat.action = ''));
    },
    draft: (event, chat) => {
      chat.draft = { text: event.text ?? '', entities: event.entities ?? [] };
      this.later(`draft${event.chat_id}`, draftSeconds, () => (chat.draft = null));
    },
    callback_answer: (event) => {
      this.pressed.delete(event.callback_query_id!);
      if (event.url) window.open(event.url, '_blank', 'noopener');
      if (event.text) this.tell(event.text, event.show_alert);
    },
    payment_refused: (event) => this.tell(event.text ?? '', true),
    chat: (event, chat) => {
      if (event.blocked !== undefined) chat.blocked = event.blocked;
      if (event.group) this.groups = [...this.groups.filter((group) => group.id !== event.group!.id), event.group];
    },
    user: (event) => {
      if (event.user) this.users = [...this.users.filter((user) => user.id !== event.user!.id), event.user].sort((a, b) => a.id - b.id);
    },
    bot: () => {
      const first = !this.bot;
      void api.state().then((state) => {
        this.bot = state.bot;
        if (first) void this.open(this.current);
        this.changed();
      });
    },
  };

  private later(key: string, seconds: number, act: () => void) {
    window.clearTimeout(this.timers.get(key));
    this.timers.set(
      key,
      window.setTimeout(() => {
        act();
        this.changed();
      }, seconds * 1000),
    );
  }

  tell(text: string, alert = false) {
    this.notice = { text, alert };
    if (!alert) this.later('notice', 3, () => (this.notice = null));
    this.changed();
  }

  hush() {
    this.notice = null;
    this.changed();
  }

  toggleKeyboard() {
    this.chat().keyboardOpen = !this.chat().keyboardOpen;
    this.changed();
  }

  // Runs an act of the person; what goes wrong is told in a line.
  async act(work: () => Promise<unknown>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (error) {
      this.tell(`${t('notSent')}: ${error instanceof Error ? error.message : String(error)}`);
      return false;
    }
  }

  async press(message: Message, row: number, column: number) {
    const chat = message.chat.id;
    await this.act(async () => {
      const answer = await api.press(chat, { message_id: message.message_id, row, column, ...this.from() });
      const id = answer.result.callback_query_id;
      this.pressed.set(id, `${chat}/${message.message_id}/${row}/${column}`);
      this.later(`press${id}`, 10, () => this.pressed.delete(id));
      this.changed();
    });
  }

  waits(message: Message, row: number, column: number): boolean {
    const key = `${message.chat.id}/${message.message_id}/${row}/${column}`;
    for (const value of this.pressed.values()) if (value === key) return true;
    return false;
  }
}

export const store = new Store();

// Draws the component again after each change.
export function useStore(): Store {
  const [, redraw] = useState(0);
  useEffect(() => store.subscribe(() => redraw((n) => n + 1)), []);
  return store;
}

// What the page knows, and how it changes: events of the server and acts of the person. Components read it by useStore.
import { useEffect, useState } from 'preact/hooks';
import { api } from './api';
import { Chat } from './chat_state';
import { russian, t } from './texts';
import type { Bot, Group, Message, SandboxEvent, User } from './types';

export interface Notice {
  text: string;
  alert: boolean;
}

const actionSeconds = 5; // https://core.telegram.org/bots/api#sendchataction
const draftSeconds = 30; // https://core.telegram.org/bots/api#sendmessagedraft
const checkoutSeconds = 10; // https://core.telegram.org/bots/api#answerprecheckoutquery
const peopleLoaded = 30; // chats whose last messages the list of people shows

type Handler = (event: SandboxEvent, chat: Chat) => void;

class Store {
  bot: Bot | null = null;
  users: User[] = [];
  groups: Group[] = [];
  current = Number(localStorage.getItem('chat')) || 0;
  speaker = 0; // who writes in a group
  online = true;
  ready = false;
  notice: Notice | null = null;
  pressed = new Map<string, string>(); // callback query id → which button waits
  checkouts = new Set<string>(); // "chat/message" of invoices whose payment the bot is asked about
  private atEnd = true;
  private seq = 0;
  private chats = new Map<number, Chat>();
  private listeners = new Set<() => void>();
  private timers = new Map<string, number>();
  private source: EventSource | null = null;

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  changed() {
    for (const listener of this.listeners) listener();
  }

  chat(id = this.current): Chat {
    let chat = this.chats.get(id);
    if (!chat) this.chats.set(id, (chat = new Chat(id)));
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
    void this.loadOthers();
  }

  private async loadOthers() {
    if (!this.bot) return;
    const others = [...this.users, ...this.groups].filter(({ id }) => !this.chat(id).loaded).slice(0, peopleLoaded);
    await Promise.all(others.map(({ id }) => this.fetch(id))).catch(() => {}); // the next event shows them
    this.changed();
  }

  private async fetch(id: number) {
    const chat = this.chat(id);
    const history = await api.history(id);
    chat.keyboard = history.keyboard;
    chat.blocked = history.blocked;
    chat.load(history.messages);
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
    if (id !== this.current) this.chat().divider = 0;
    this.current = id;
    const group = this.group(id);
    if (group && !group.members.includes(this.speaker)) this.speaker = group.members[0] ?? 0;
    localStorage.setItem('chat', String(id));
    const chat = this.chat(id);
    if (!chat.loaded && this.bot) await this.fetch(id);
    chat.divide();
    this.changed();
  }

  private take(event: SandboxEvent) {
    this.seq = event.seq;
    this.handlers[event.type]?.(event, this.chat(event.chat_id));
    if (event.by_bot) {
      const chat = this.chat(event.chat_id);
      chat.answeredTo = chat.last?.message_id ?? 0;
    }
    this.changed();
  }

  private handlers: Partial<Record<SandboxEvent['type'], Handler>> = {
    message: (event, chat) => {
      const message = event.message!;
      chat.add(message, event.by_bot);
      if (event.keyboard !== undefined) {
        chat.keyboard = event.keyboard;
        chat.keyboardOpen = true;
      }
      if (event.by_bot) chat.forceReply = event.force_reply ? message : null;
      if (message.successful_payment) this.checkouts.clear();
      if (this.reading(event.chat_id)) chat.read();
      else chat.divide();
    },
    edit: (event, chat) => chat.messages.set(event.message!.message_id, event.message!),
    delete: (event, chat) => chat.messages.delete(event.message_id!),
    keyboard: (event, chat) => (chat.keyboard = event.keyboard ?? null),
    action: (event, chat) => {
      chat.action = event.action!;
      this.later(`action${event.chat_id}`, actionSeconds, () => (chat.action = ''));
    },
    draft: (event, chat) => {
      chat.draft = { id: event.draft_id ?? 0, text: event.text ?? '', entities: event.entities ?? [] };
      this.later(`draft${event.chat_id}`, draftSeconds, () => (chat.draft = null));
    },
    callback_answer: (event) => {
      this.pressed.delete(event.callback_query_id!);
      if (event.url) window.open(event.url, '_blank', 'noopener');
      if (event.text) this.tell(event.text, event.show_alert);
    },
    payment_refused: (event) => {
      this.checkouts.delete(`${event.chat_id}/${event.message_id}`);
      this.tell(event.text ?? '', true);
    },
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

  // Nobody reads what is below the edge, behind another window or in another chat.
  private reading(id: number): boolean {
    return id === this.current && this.atEnd && document.visibilityState === 'visible';
  }

  seen(atEnd: boolean) {
    this.atEnd = atEnd;
    const chat = this.chat();
    if (!this.reading(this.current) || chat.unread === 0) return;
    chat.read();
    this.changed();
  }

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

  async pay(invoice: Message) {
    const key = `${invoice.chat.id}/${invoice.message_id}`;
    this.checkouts.add(key);
    this.later(`pay${key}`, checkoutSeconds, () => this.checkouts.delete(key) && this.tell(t('payTimeout'), true));
    const asked = await this.act(() => api.pay(invoice.chat.id, { message_id: invoice.message_id, ...this.from() }));
    if (!asked) this.checkouts.delete(key);
    this.changed();
  }
}

export const store = new Store();

// Draws the component again after each change.
export function useStore(): Store {
  const [, redraw] = useState(0);
  useEffect(() => store.subscribe(() => redraw((n) => n + 1)), []);
  return store;
}

// One chat as the page knows it, and what of it has been read. What was read is remembered in this browser.
import type { Entity, Message, ReplyKeyboard } from './types';

export interface Draft {
  id: number;
  text: string;
  entities: Entity[];
}

export class Chat {
  messages = new Map<number, Message>();
  keyboard: ReplyKeyboard | null = null;
  keyboardOpen = true;
  blocked = false;
  loaded = false;
  action = '';
  draft: Draft | null = null;
  written = ''; // typed and not sent
  forceReply: Message | null = null;
  answeredTo = 0; // own messages up to this one: the bot has done something since
  readTo = 0;
  divider = 0; // "new messages" stands after this one; 0: nowhere
  fresh = new Set<number>(); // came while the page looked: they may move in

  constructor(readonly id: number) {
    this.readTo = Number(localStorage.getItem(`read:${id}`)) || 0;
  }

  get sorted(): Message[] {
    return [...this.messages.values()].sort((a, b) => a.message_id - b.message_id);
  }

  get last(): Message | undefined {
    let last: Message | undefined;
    for (const message of this.messages.values()) if (!last || message.message_id > last.message_id) last = message;
    return last;
  }

  get unread(): number {
    let count = 0;
    for (const { message_id, from } of this.messages.values()) if (from.is_bot && message_id > this.readTo) count += 1;
    return count;
  }

  load(messages: Message[]) {
    this.messages = new Map(messages.map((message) => [message.message_id, message]));
    this.loaded = true;
    const last = this.last?.message_id ?? 0;
    // A chat never seen in this browser, or of an emptied server, has nothing new.
    if (this.readTo === 0 || this.readTo > last) this.read();
    for (const { message_id, from } of messages) if (from.is_bot) this.answeredTo = Math.max(this.answeredTo, message_id);
  }

  read() {
    const last = this.last?.message_id ?? 0;
    if (last === this.readTo) return;
    this.readTo = last;
    localStorage.setItem(`read:${this.id}`, String(last));
  }

  // The divider stays where it was put until one leaves or answers.
  divide() {
    if (this.divider === 0 && this.unread > 0) this.divider = this.readTo;
  }

  add(message: Message, byBot: boolean) {
    this.messages.set(message.message_id, message);
    this.fresh.add(message.message_id);
    window.setTimeout(() => this.fresh.delete(message.message_id), 600);
    if (!byBot) return void ((this.divider = 0), this.read());
    this.action = '';
    this.draft = null;
  }
}

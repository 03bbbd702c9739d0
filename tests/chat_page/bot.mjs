// A trivial bot for the page: it echoes, and shows on demand what a bot can show. Long poll by fetch, no library.
import { picture, token } from '../support/sandbox.mjs';

const html = 'Plain, <b>bold</b>, <i>italic</i>, <code>code</code>, <tg-spoiler>secret</tg-spoiler> and <a href="https://example.org">a link</a>.\n'
  + '<blockquote>A quotation</blockquote><pre><code class="language-cpp">int main() {}</code></pre>&lt;script&gt;window.hacked = 1&lt;/script&gt;';

export class EchoBot {
  constructor(url) {
    this.url = url;
    this.stopping = new AbortController();
  }

  async call(method, params) {
    const form = params instanceof FormData;
    const response = await fetch(`${this.url}/bot${token}/${method}`, {
      method: 'POST',
      body: form ? params : JSON.stringify(params ?? {}),
      headers: form ? {} : { 'Content-Type': 'application/json' },
      signal: this.stopping.signal,
    });
    const answer = await response.json();
    if (!answer.ok) throw new Error(`${method}: ${answer.description}`);
    return answer.result;
  }

  say = (chat_id, text, more = {}) => this.call('sendMessage', { chat_id, text, ...more });

  sendFile(method, field, chat, name, content, more = {}) {
    const form = new FormData();
    for (const [key, value] of Object.entries({ chat_id: chat, ...more })) form.append(key, value);
    form.append(field, new Blob([content]), name);
    return this.call(method, form);
  }

  async start() {
    await this.call('setMyCommands', { commands: [{ command: 'start', description: 'Begin' }, { command: 'rich', description: 'Formatted text' }] });
    await this.call('setMyCommands', { language_code: 'ru', commands: [{ command: 'start', description: 'Начать' }, { command: 'rich', description: 'Текст с разметкой' }] });
    // A test may kill the server under it; what the bot then leaves undone is seen in the page.
    this.loop = this.poll().catch(() => {});
  }

  async stop() {
    this.stopping.abort();
    await this.loop;
  }

  async poll() {
    for (let offset = 0; ; ) {
      for (const update of await this.call('getUpdates', { offset, timeout: 30 })) {
        offset = update.update_id + 1;
        if (update.callback_query) await this.pressed(update.callback_query);
        if (update.pre_checkout_query) await this.call('answerPreCheckoutQuery', { pre_checkout_query_id: update.pre_checkout_query.id, ok: true });
        if (update.message) await this.said(update.message);
      }
    }
  }

  async pressed({ id, data, message }) {
    const alerts = { toast: { text: 'A toast' }, alert: { text: 'An alert', show_alert: true }, edit: {} };
    await this.call('answerCallbackQuery', { callback_query_id: id, ...alerts[data] });
    if (data === 'edit') await this.call('editMessageText', { chat_id: message.chat.id, message_id: message.message_id, text: 'Edited live' });
  }

  shows = {
    '/start': (chat) =>
      this.say(chat, 'Здравствуйте! Я помогу с записями и фото.', {
        reply_markup: {
          resize_keyboard: true,
          keyboard: [[{ text: '🤖 Бизнес-ассистент' }, { text: '🖼 Работа с фото' }], [{ text: '👤 Личный кабинет' }, { text: '⚙️ Настройки' }, { text: '❓ Помощь' }]],
        },
      }),
    '/rich': (chat) => this.say(chat, html, { parse_mode: 'HTML' }),
    '/buttons': (chat) =>
      this.say(chat, 'Choose one', {
        reply_markup: {
          inline_keyboard: [[{ text: 'Toast', callback_data: 'toast' }, { text: 'Alert', callback_data: 'alert' }], [{ text: 'Edit', callback_data: 'edit' }], [{ text: 'Site', url: 'https://example.org' }]],
        },
      }),
    '/typing': (chat) => this.call('sendChatAction', { chat_id: chat, action: 'typing' }),
    '/file': (chat) => this.sendFile('sendDocument', 'document', chat, 'summary_1_2026-11-23_10-00.txt', 'Итог', { caption: '📝 Сводка на 1 страницу' }),
    '/voice': (chat) => this.sendFile('sendVoice', 'voice', chat, 'v.oga', 'not really sound', { duration: 17 }),
    '/photo': (chat) => this.sendFile('sendPhoto', 'photo', chat, 'p.png', picture, { caption: 'A photo' }),
    '/invoice': (chat) =>
      this.call('sendInvoice', { chat_id: chat, title: '100 монет', description: 'На ваш счёт', payload: 'order-1', currency: 'XTR', prices: [{ label: '100', amount: 80 }] }),
  };

  async said(message) {
    const chat = message.chat.id;
    const show = this.shows[message.text];
    if (show) return show(chat);
    if (message.text) return this.say(chat, message.text, { reply_parameters: { message_id: message.message_id } });
    const kind = ['photo', 'voice', 'audio', 'video', 'document', 'contact', 'successful_payment'].find((name) => message[name]);
    return this.say(chat, `Got ${kind}${message.caption ? `: ${message.caption}` : ''}`);
  }
}

// A trivial bot for the page: it echoes, and shows on demand what a bot can show. Long poll by fetch, no library.
import { readFile } from 'node:fs/promises';
import { picture, token } from '../support/sandbox.mjs';
import { scene } from './scenery.mjs';

const speech = await readFile(new URL('../data/speech/english_reading.ogg', import.meta.url));
export const summary = `Сводка на 1 страницу

Встреча о запуске, 23 ноября.
1. Бета открывается в понедельник.
2. Анна готовит письмо к пятнице.
3. Бюджет согласован: 40 000.
Следующая встреча: 30 ноября.
`;

const html = 'Plain, <b>bold</b>, <i>italic</i>, <code>code</code>, <tg-spoiler>secret</tg-spoiler> and <a href="https://example.org">a link</a>.\n'
  + '<blockquote>A quotation</blockquote><pre><code class="language-cpp">int main() {}</code></pre>&lt;script&gt;window.hacked = 1&lt;/script&gt;';

export class EchoBot {
  constructor(url) {
    this.url = url;
    this.stopping = new AbortController();
    this.refuses = ''; // why nothing can be bought
    this.confirmed = Promise.resolve(); // what a show waits for before its end, where a test wants to look
  }

  // Until the function that this gives is called, shows stop before their end.
  hold() {
    let go;
    this.confirmed = new Promise((resolve) => (go = resolve));
    return go;
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
        if (update.pre_checkout_query) await this.call('answerPreCheckoutQuery', { pre_checkout_query_id: update.pre_checkout_query.id, ok: !this.refuses, error_message: this.refuses });
        // A fault that a person asked for is theirs to see; the bot goes on.
        if (update.message) await this.said(update.message).catch((error) => this.stopping.signal.throwIfAborted() ?? error);
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
    '/file': (chat) => this.sendFile('sendDocument', 'document', chat, 'summary_1_2026-11-23_10-00.txt', summary, { caption: '📝 Сводка на 1 страницу' }),
    '/voice': (chat) => this.sendFile('sendVoice', 'voice', chat, 'v.oga', speech, { duration: 7 }),
    '/music': (chat) => this.sendFile('sendAudio', 'audio', chat, 'reading.ogg', speech, { duration: 7, title: 'English reading', performer: 'Persona' }),
    '/word': (chat) => this.sendFile('sendDocument', 'document', chat, 'protocol_1_2026-11-23_10-00.docx', speech, { caption: '📄 Протокол заседания (Word)' }),
    '/image': (chat) => this.sendFile('sendDocument', 'document', chat, 'portrait.png', scene(3, 300, 300)),
    '/album': (chat) => this.album(chat, 7),
    '/draft': (chat) => this.drafted(chat, 'A long answer that grows word by word while it is being made, and then stays.'),
    '/writing': (chat) => this.call('sendMessageDraft', { chat_id: chat, draft_id: 9, text: 'Сводка: бета открывается в понедельник, Анна готовит письмо' }),
    '/progress': (chat) => this.progress(chat),
    '/ask': (chat) => this.say(chat, 'What is your name?', { reply_markup: { force_reply: true } }),
    '/many': (chat) => this.many(chat, 12),
    '/photo': (chat) => this.sendFile('sendPhoto', 'photo', chat, 'p.png', picture, { caption: 'A photo' }),
    '/invoice': (chat) =>
      this.call('sendInvoice', { chat_id: chat, title: '100 монет', description: 'На ваш счёт', payload: 'order-1', currency: 'XTR', prices: [{ label: '100', amount: 80 }] }),
  };

  // Views with a caption, or as many of one small photo as are wanted.
  album(chat, count, photo) {
    const form = new FormData();
    form.append('chat_id', chat);
    const media = Array.from({ length: count }, (_, i) => ({ type: 'photo', media: `attach://p${i}` }));
    media[0].caption = photo ? `Photos: ${count}.` : 'Seven views';
    form.append('media', JSON.stringify(media));
    for (let i = 0; i < count; i++) {
      const [width, height] = i % 3 === 1 ? [240, 320] : [360, 240];
      form.append(`p${i}`, new Blob([photo ?? scene(i, width, height)]), `${i}.png`);
    }
    return this.call('sendMediaGroup', form);
  }

  async drafted(chat, text) {
    const words = text.split(' ');
    for (let n = 3; n < words.length; n += 3) await this.call('sendMessageDraft', { chat_id: chat, draft_id: 7, text: words.slice(0, n).join(' ') });
    await this.confirmed;
    await this.say(chat, text);
  }

  async progress(chat) {
    const { message_id } = await this.say(chat, '⏳ 0 %');
    for (const percent of [20, 60, 100]) await this.call('editMessageText', { chat_id: chat, message_id, text: `⏳ ${percent} %${'\nOne more line'.repeat(percent / 20)}` });
  }

  async many(chat, count) {
    await this.confirmed;
    for (let n = 1; n <= count; n++) await this.say(chat, `Line ${n}: enough words to fill a line of the phone`);
  }

  async said(message) {
    const chat = message.chat.id;
    const show = this.shows[message.text];
    if (show) return show(chat);
    if (message.text) return this.say(chat, message.text, { reply_parameters: { message_id: message.message_id } });
    const kind = ['photo', 'voice', 'audio', 'video', 'document', 'contact', 'successful_payment'].find((name) => message[name]);
    return this.say(chat, `Got ${kind}${message.caption ? `: ${message.caption}` : ''}`);
  }
}

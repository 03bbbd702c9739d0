// The pictures of docs/pictures, of the bot itself: node pictures.mjs URL FOLDER, where URL is the chat page of `persona up`.
import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { Person, Sandbox } from '../support/sandbox.mjs';

const [url, folder] = process.argv.slice(2);
const sandbox = Object.assign(new Sandbox(), { url });
const speech = await readFile(new URL('../data/speech/english_reading.ogg', import.meta.url));
const person = async (fields) => new Person(sandbox, (await sandbox.post('/sandbox/users', fields)).id);

async function talk(who, { summary, settle }) {
  await who.write('/start');
  await who.answers(1);
  await who.sendFiles('voice', [{ name: 'voice.oga', content: speech, type: 'audio/ogg' }], { duration: 7 });
  const offer = await who.answer({ contains: '5.00', timeout: 30 });
  await who.act('/press', { message_id: offer.message_id, row: 0, column: 0 });
  await who.answers(1, { contains: settle, timeout: 60 });
  await who.write(summary);
  await who.answers(1, { contains: summary.slice(0, 6), timeout: 30 }).catch(() => {});
  await who.answers(1, { types: 'message', timeout: 3 }).catch(() => {});
}

const anna = await person({ first_name: 'Anna', last_name: 'Kim', language_code: 'en' });
await talk(anna, { summary: 'One-page summary', settle: 'Choose' });
const boris = await person({ first_name: 'Борис', language_code: 'ru' });
await talk(boris, { summary: 'Сводка на 1 страницу', settle: 'Выберите' });

const vera = await person({ first_name: 'Вера', language_code: 'ru' });
await vera.write('/start');
await vera.answers(1);
await vera.write('➕ Пополнить');
const offer = await vera.answer({ contains: 'Выберите пакет' });
await vera.act('/press', { message_id: offer.message_id, row: 0, column: 0 });
const bill = await vera.answer({ types: 'message' });
await vera.act('/pay', { message_id: bill.message_id });
await vera.answer({ contains: 'Зачислено' });

// Ten cuts of one photo by ffmpeg; through the wizard to an avatar, and to the card of an order.
const portrait = fileURLToPath(new URL('../data/photos/astronaut.jpg', import.meta.url));
const cut = (i) => execFileSync('ffmpeg', ['-v', 'error', '-i', portrait, '-vf', `crop=${470 - 6 * i}:${470 - 6 * i}:20:4,scale=640:640${i % 2 ? ',hflip' : ''}`, '-q:v', '3', '-f', 'mjpeg', '-']);
const key = (message, label) => message.reply_markup.inline_keyboard.flat().find(({ text }) => text.startsWith(label)).text;
const eva = await person({ first_name: 'Ева', language_code: 'ru' });
const presses = async (message, label, contains) => (await eva.press(message, key(message, label)), eva.answer({ contains, timeout: 60 }));
const says = async (text, contains) => (await eva.write(text), eva.answer({ contains }));
await says('/start', 'На счёте');
await says('📷 Создать аватар', 'Новый аватар');
await eva.sendFiles('photo', Array.from({ length: 10 }, (_, i) => ({ name: `${i}.jpg`, content: cut(i), type: 'image/jpeg' })));
const gallery = await eva.answer({ contains: 'Фото 10 из 10', timeout: 60 });
await presses(await presses(gallery, '✅', 'Кто на фото'), '👩', 'Введите имя');
await presses(await says('Ева', 'Проверьте'), '✅', 'Ваш аватар готов');
const order = await presses(await presses(await presses(await says('🖼 Образы', 'Образ 1'), '🎭', 'Выберите'), '🌅', 'Закат'), '✨', 'останется');
await presses(order, '2', '4.00');

const desktop = { width: 1280, height: 800 };
const phone = { width: 390, height: 844 };
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
async function picture(name, who, { viewport, colorScheme, locale, inspector, act }) {
  const context = await browser.newContext({ viewport, colorScheme, locale, hasTouch: viewport === phone, isMobile: viewport === phone });
  await context.addInitScript(([chat, open]) => (localStorage.setItem('chat', chat), localStorage.setItem('inspector', open)), [String(who.id), inspector ? '1' : '0']);
  const page = await context.newPage();
  page.setDefaultTimeout(8000);
  await page.goto(url);
  await page.locator('.message').last().waitFor();
  await page.waitForLoadState('networkidle', { timeout: 1500 }).catch(() => {}); // previews and waveforms; the stream of events never idles
  await act?.(page);
  await page.screenshot({ path: `${folder}/${name}.png` });
  await context.close();
}

const hideKeyboard = (page) => page.locator('.line-box button[aria-expanded="true"]').click();
const showVoice = async (page) => {
  await hideKeyboard(page);
  await page.locator('.bars[data-known="1"]').first().waitFor();
  await page.locator('.message.own').nth(1).evaluate((message) => (message.closest('.conversation').scrollTop = message.offsetTop - 60));
  await page.locator('.conversation:not([data-moves])').waitFor();
};
await picture('chat_inspector', anna, {
  viewport: desktop,
  colorScheme: 'light',
  locale: 'en-GB',
  inspector: true,
  act: async (page) => {
    await showVoice(page);
    await page.getByTestId('traffic').getByText('sendDocument').first().click();
  },
});
await picture('chat_faults', anna, {
  viewport: desktop,
  colorScheme: 'dark',
  locale: 'en-GB',
  inspector: true,
  act: async (page) => {
    await hideKeyboard(page);
    await page.getByRole('tab', { name: 'Faults' }).click();
    for (const name of [/429 Too/, /Duplicate update/, /Slow file/]) await page.getByRole('button', { name }).click();
    await page.getByTestId('pending').getByText('file download').waitFor();
    await page.mouse.move(1100, 720);
    await page.locator('.conversation:not([data-moves])').waitFor();
  },
});
await sandbox.request('DELETE', '/sandbox/faults');
await picture('chat_phone_dark', boris, { viewport: phone, colorScheme: 'dark', locale: 'ru-RU', act: showVoice });
await picture('chat_phone_light', anna, {
  viewport: phone,
  colorScheme: 'light',
  locale: 'en-GB',
  act: async (page) => {
    await page.getByRole('button', { name: 'Inspector' }).click();
    await page.getByTestId('traffic').getByText('answerCallbackQuery').first().waitFor();
    await page.waitForFunction(() => document.querySelector('dialog').getAnimations().every((one) => one.playState === 'finished'));
  },
});
await picture('chat_top_up', vera, { viewport: phone, colorScheme: 'light', locale: 'ru-RU', act: hideKeyboard });
await picture('chat_avatar', eva, { viewport: phone, colorScheme: 'light', locale: 'ru-RU', act: hideKeyboard });
await browser.close();

// Pictures of the page for whoever changes it: node look.mjs FOLDER [ONLY]. Not a test.
import { chromium } from 'playwright-core';
import { Sandbox } from '../support/sandbox.mjs';
import { EchoBot } from './bot.mjs';
import { scene } from './scenery.mjs';

const [folder, only = ''] = process.argv.slice(2);
const sandbox = await Sandbox.start();
const bot = new EchoBot(sandbox.url);
const anna = await sandbox.person({ first_name: 'Анна', last_name: 'Ким' });
await bot.start();
const bob = await sandbox.person({ first_name: 'Bob', language_code: 'en' });
const maria = await sandbox.person({ first_name: 'Мария' });
const picture = (seed, w = 480, h = 360) => ({ name: `${seed}.png`, content: scene(seed, w, h), type: 'image/png' });
const play = async (person, texts) => {
  for (const text of texts) (await person.write(text), await person.answers(1));
};
await play(bob, ['Hello', '/progress']);
await play(maria, ['/start', 'Добрый день!']);
await play(anna, ['/start', '/rich', '/buttons', '/file', '/word', '/image', '/music', '/album', '/voice']);
await anna.sendFiles('photo', [picture(0), picture(1, 300, 400), picture(2)], { caption: 'Три фото с дачи' });
await anna.answers(3);
await play(anna, ['/invoice', 'Спасибо! А теперь длинное сообщение, чтобы увидеть, как переносятся строки, и ещё немного слов 😀']);
await anna.sendFiles('voice', [{ name: 'v.oga', content: (await import('node:fs')).readFileSync(new URL('../data/speech/english_reading.ogg', import.meta.url)), type: 'audio/ogg' }], { duration: 7 });
await anna.answers(1);

const quiet = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: [...quiet, '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'] });

async function look(page, shot, name) {
  const scroll = (to) => page.locator('.conversation').evaluate((box, top) => box.scrollTo(0, top), to);
  const labelled = (ru, exact = true) => page.getByRole('button', { name: ru, exact });
  await page.locator('.bars[data-known="1"]').last().waitFor();
  await shot('end');
  await scroll(0);
  await shot('top');
  for (const at of [600, 1200, 1800]) (await scroll(at), await page.locator('img').last().waitFor(), await shot(`at${at}`));
  await scroll(99999);
  await page.locator('.message.theirs', { hasText: '100 монет' }).getByText('Оплатить').click();
  await shot('pay');
  await page.keyboard.press('Escape');
  await labelled('Ещё').click();
  await shot('menu');
  await page.keyboard.press('Escape');
  await labelled('Прикрепить').click();
  await shot('attach');
  await page.keyboard.press('Escape');
  await labelled('Инспектор').click();
  await page.getByTestId('traffic').getByText('sendVoice').first().click();
  await page.locator('.line-body').waitFor();
  await shot('inspector');
  await page.getByRole('tab', { name: 'Сбои' }).click();
  await page.locator('.offer').first().click();
  await page.locator('.offer').nth(5).click();
  await page.locator('.pending b').nth(1).waitFor();
  await shot('faults');
  await sandbox.request('DELETE', '/sandbox/faults');
  await page.getByTestId('inspector').getByRole('button', { name: 'Закрыть' }).click();
  await page.locator('input[type=file]').setInputFiles([1, 4].map((seed) => ({ name: `${seed}.png`, mimeType: 'image/png', buffer: scene(seed) })));
  await shot('upload');
  await page.keyboard.press('Escape');
  await page.locator('.text-preview').first().click();
  await shot('viewer');
  await page.keyboard.press('Escape');
  await page.locator('.album .picture').nth(2).click();
  await page.locator('.lightbox img').waitFor();
  await shot('lightbox');
  await page.keyboard.press('Escape');
  await scroll(99999);
  await labelled('Записать голосовое').click();
  await page.locator('.recording-time', { hasText: '0:02' }).waitFor();
  await shot('recording');
  await page.locator('.recording').getByRole('button', { name: 'Отмена' }).click();
  await page.getByRole('textbox', { name: 'Сообщение' }).fill('/');
  await shot('commands');
  await page.getByRole('textbox', { name: 'Сообщение' }).fill('');
  await scroll(900);
  const go = bot.hold();
  await anna.write('/many');
  go();
  await anna.answers(12);
  await shot('unread');
  await page.getByTestId('to-end').click();
  await anna.write('/writing');
  await page.getByTestId('draft').waitFor();
  await shot('draft');
  if (name === 'phone') {
    await page.getByRole('button', { name: /Кто пишет боту/ }).click();
    await shot('people');
  }
}

for (const colorScheme of ['light', 'dark'])
  for (const [name, viewport] of [['phone', { width: 390, height: 844 }], ['desktop', { width: 1280, height: 800 }]]) {
    if (!`${colorScheme}-${name}`.includes(only)) continue;
    const context = await browser.newContext({ viewport, colorScheme, locale: 'ru-RU', permissions: ['microphone', 'clipboard-write'], deviceScaleFactor: 1 });
    const page = await context.newPage();
    page.setDefaultTimeout(8000);
    page.on('console', (message) => message.type() === 'error' && console.log(name, message.text()));
    page.on('pageerror', (error) => console.log(name, error));
    await page.goto(sandbox.url);
    const shot = async (what) => {
      await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
      await page.evaluate(() => Promise.all(document.getAnimations().filter((one) => one.effect.getComputedTiming().iterations !== Infinity).map((one) => one.finished)));
      await page.screenshot({ path: `${folder}/${colorScheme}-${name}-${what}.png` });
    };
    await look(page, shot, name).catch((error) => console.log(colorScheme, name, String(error).slice(0, 600)));
    await context.close();
  }
await browser.close();
await bot.stop();
await sandbox.stop();

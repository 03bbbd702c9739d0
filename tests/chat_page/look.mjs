// Pictures of the page for whoever changes it: node look.mjs FOLDER. Not a test.
import { chromium } from 'playwright-core';
import { deflateSync } from 'node:zlib';
import { Sandbox } from '../support/sandbox.mjs';
import { EchoBot } from './bot.mjs';

// A PNG with a gradient, so that albums look like something.
function gradient(width, height, hue) {
  const crcTable = Array.from({ length: 256 }, (_, n) => {
    for (let k = 0; k < 8; k++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
    return n >>> 0;
  });
  const crc = (bytes) => (bytes.reduce((c, b) => crcTable[(c ^ b) & 255] ^ (c >>> 8), 0xffffffff) ^ 0xffffffff) >>> 0;
  const chunk = (type, data) => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const out = Buffer.alloc(12 + data.length);
    out.writeUInt32BE(data.length, 0);
    body.copy(out, 4);
    out.writeUInt32BE(crc(body), 8 + data.length);
    return out;
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const rows = Buffer.alloc(height * (1 + width * 3));
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) rows.set([(hue + x / 3) & 255, (120 + y / 3) & 255, (200 - hue / 2 + x / 5) & 255], y * (1 + width * 3) + 1 + x * 3);
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', head), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))]);
}

const folder = process.argv[2];
const sandbox = await Sandbox.start();
const bot = new EchoBot(sandbox.url);
const anna = await sandbox.person({ first_name: 'Анна', last_name: 'Ким' });
await bot.start();
const bob = await sandbox.person({ first_name: 'Bob', language_code: 'en' });
const picture = (hue, w = 480, h = 360) => ({ name: `${hue}.png`, content: gradient(w, h, hue), type: 'image/png' });
await bob.write('Hello');
await bob.answers(1);
for (const text of ['/start', '/rich', '/buttons', '/file', '/voice', '/invoice']) (await anna.write(text), await anna.answers(1));
await anna.sendFiles('photo', [picture(20), picture(90), picture(160)], { caption: 'Три фото с дачи' });
await anna.answers(3);
await anna.write('Спасибо! А теперь длинное сообщение, чтобы увидеть, как переносятся строки, и ещё немного слов 😀');
await anna.answers(1);

const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'] });
for (const colorScheme of ['light', 'dark'])
  for (const [name, viewport] of [['phone', { width: 390, height: 844 }], ['desktop', { width: 1280, height: 800 }]]) {
    const page = await browser.newPage({ viewport, colorScheme, locale: 'ru-RU', hasTouch: name === 'phone' });
    page.on('console', (m) => m.type() === 'error' && console.log(name, m.text()));
    page.on('pageerror', (e) => console.log(name, e));
    await page.goto(sandbox.url);
    await page.locator('.rich', { hasText: 'А теперь длинное' }).first().waitFor();
    await page.waitForLoadState('networkidle', { timeout: 1500 }).catch(() => {});
    const shot = (what) => page.screenshot({ path: `${folder}/${colorScheme}-${name}-${what}.png` });
    await shot('end');
    await page.locator('.conversation').evaluate((box) => box.scrollTo(0, 0));
    await shot('top');
    await page.locator('.conversation').evaluate((box) => box.scrollTo(0, 700));
    await shot('middle');
    if (name === 'phone') {
      await page.getByLabel(/Кто пишет|Who writes/).click();
      await shot('people');
      await page.getByText('Bob').first().click();
    } else {
      await page.getByText('Bob').first().click();
      await page.getByRole('textbox').fill('/');
      await shot('commands');
      await page.getByRole('textbox').fill('');
      await page.getByLabel(/Прикрепить|Attach/).click();
      await shot('attach');
      await page.mouse.click(700, 300);
    }
    await page.locator('input[type=file]').setInputFiles([{ name: 'a.png', mimeType: 'image/png', buffer: picture(60).content }, { name: 'b.png', mimeType: 'image/png', buffer: picture(10).content }]);
    await shot('upload');
    await page.getByText(/Отмена|Cancel/).click();
    await page.getByLabel(/голосовое|voice/).last().click();
    await page.getByTestId('toast').waitFor();
    await shot('nomic');
    await page.close();
  }
await browser.close();
await bot.stop();
await sandbox.stop();

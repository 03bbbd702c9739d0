import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';
import { chromium } from 'playwright-core';
import { picture, Sandbox } from '../support/sandbox.mjs';
import { EchoBot } from './bot.mjs';

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
const quiet = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
const microphone = ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'];

const screens = {
  phone: { viewport: { width: 390, height: 844 }, hasTouch: true },
  desktop: { viewport: { width: 1280, height: 800 } },
};

for (const [screen, options] of Object.entries(screens)) {
  describe(`the chat page on a ${screen}`, () => {
    let sandbox, bot, browser, page;
    const problems = [];

    before(async () => {
      sandbox = await Sandbox.start();
      bot = new EchoBot(sandbox.url);
      await bot.start();
      browser = await chromium.launch({ executablePath, args: [...quiet, ...microphone] });
      const context = await browser.newContext({ ...options, locale: 'en-GB', permissions: ['microphone'] });
      page = await context.newPage();
      page.setDefaultTimeout(10_000);
      page.on('pageerror', (error) => problems.push(String(error)));
      page.on('console', (message) => message.type() === 'error' && !/ERR_|Failed to load resource/.test(message.text()) && problems.push(message.text()));
      await page.goto(sandbox.url);
    });
    after(async () => {
      await browser?.close();
      await bot?.stop();
      await sandbox?.stop();
    });

    const box = () => page.getByRole('textbox', { name: 'Message' });
    const say = async (text) => {
      await box().fill(text);
      await box().press('Enter');
    };
    const theirs = (text) => page.locator('.message.theirs', { hasText: text });
    const attach = (files) => page.locator('input[type=file]').setInputFiles(files);

    test('the first visit makes a person and offers to start', async () => {
      await page.getByRole('button', { name: 'Start', exact: true }).click();
      await theirs('Здравствуйте').waitFor();
      await page.getByTestId('reply-keyboard').getByText('Личный кабинет').waitFor();
    });

    test('text in, text out, with a quote', async () => {
      await say('Hello there');
      await page.locator('.message.own', { hasText: 'Hello there' }).waitFor();
      const answer = theirs('Hello there');
      await answer.waitFor();
      assert.equal(await answer.locator('.quote b').textContent(), 'Anna');
    });

    test('a button of the reply keyboard is said', async () => {
      await page.getByTestId('reply-keyboard').getByText('Настройки').click();
      await page.locator('.message.own', { hasText: 'Настройки' }).waitFor();
      await page.getByLabel("The bot's keyboard").click();
      await page.getByTestId('reply-keyboard').waitFor({ state: 'detached' });
    });

    test('inline buttons: a toast, an alert, a live edit', async () => {
      await say('/buttons');
      const menu = theirs('Choose one');
      await menu.getByText('Toast').click();
      await page.getByTestId('toast').getByText('A toast').waitFor();
      await menu.getByText('Alert').click();
      await page.getByTestId('alert').getByText('An alert').waitFor();
      await page.getByTestId('alert').getByRole('button', { name: 'OK' }).click();
      await menu.getByText('Edit', { exact: true }).click();
      await theirs('Edited live').waitFor();
      await menu.waitFor({ state: 'detached' });
    });

    test("the bot's markup is shown and never run", async () => {
      await say('/rich');
      const message = theirs('Plain,');
      await message.waitFor();
      assert.equal(await message.locator('b').first().textContent(), 'bold');
      assert.equal(await message.locator('.rich a').first().getAttribute('href'), 'https://example.org');
      assert.equal(await message.locator('pre').textContent(), 'int main() {}');
      assert.match(await message.textContent(), /<script>window\.hacked = 1<\/script>/);
      assert.equal(await page.evaluate(() => window.hacked), undefined);
    });

    test('a chat action is shown', async () => {
      await say('/typing');
      await page.getByTestId('action').getByText('typing').waitFor();
    });

    test('a document goes out, and one is downloaded', async () => {
      await attach({ name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('notes') });
      await page.getByPlaceholder('Caption').fill('my notes');
      await page.locator('.sheet').getByRole('button', { name: 'Send', exact: true }).click();
      await theirs('Got document: my notes').waitFor();
      await say('/file');
      const link = theirs('summary_1').locator('a.document');
      const [download] = await Promise.all([page.waitForEvent('download'), link.click()]);
      assert.equal(download.suggestedFilename(), 'summary_1_2026-11-23_10-00.txt');
      assert.equal(await readFile(await download.path(), 'utf8'), 'Итог');
    });

    test('two photos are one album', async () => {
      await attach(['a.png', 'b.png'].map((name) => ({ name, mimeType: 'image/png', buffer: picture })));
      await page.locator('.sheet').getByRole('button', { name: 'Send', exact: true }).click();
      await page.locator('.message.own .album-2 img').nth(1).waitFor();
      await theirs('Got photo').nth(1).waitFor();
      await page.locator('.message.own .album-2 .picture').first().click();
      await page.locator('.lightbox img').waitFor();
      await page.locator('.lightbox').click({ position: { x: 5, y: 5 } });
    });

    test('files can be dropped into the chat', async () => {
      const data = await page.evaluateHandle(() => {
        const transfer = new DataTransfer();
        transfer.items.add(new File(['dropped'], 'dropped.txt', { type: 'text/plain' }));
        return transfer;
      });
      await page.dispatchEvent('.chat', 'drop', { dataTransfer: data });
      await page.locator('.sheet').getByText('dropped.txt').waitFor();
      await page.locator('.sheet').getByRole('button', { name: 'Cancel' }).click();
    });

    test('a voice message from the microphone', async () => {
      await page.getByLabel('Record a voice message').click();
      await page.locator('.recording-time', { hasText: '0:01' }).waitFor();
      await page.locator('.recording').getByLabel('Send').click();
      await theirs('Got voice').waitFor();
      const users = (await sandbox.get('/sandbox/state')).users;
      const { messages } = await sandbox.get(`/sandbox/chats/${users[0].id}/messages`);
      const { voice } = messages.find((message) => message.voice);
      assert.ok(voice.file_size > 500 && voice.duration >= 1, JSON.stringify(voice));
      assert.match(voice.mime_type, /^audio\//);
    });

    test('without a microphone there is a clear text', async () => {
      await page.evaluate(() => (navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('no', 'NotFoundError'))));
      await page.getByLabel('Record a voice message').click();
      await page.getByTestId('toast').getByText('There is no microphone here').waitFor();
    });

    test('the commands menu, in the language of the person', async () => {
      await page.getByLabel('Commands').click();
      await page.getByTestId('commands').getByText('Formatted text').click();
      await theirs('Plain,').nth(1).waitFor();
    });

    test('one edits and quotes what was said', async () => {
      await say('mistake');
      const own = page.locator('.message.own', { hasText: 'mistake' });
      await own.hover();
      await own.getByLabel('Edit').click();
      await page.waitForFunction(() => document.querySelector('textarea').value === 'mistake');
      await say('correction');
      await page.locator('.message.own', { hasText: 'correction' }).getByText('edited').waitFor();
    });

    test('an invoice is paid', async () => {
      await say('/invoice');
      await theirs('100 монет').getByText('Pay').click();
      await page.getByText('Paid: ⭐ 80').waitFor();
    });

    test('a second person has a chat of their own', async () => {
      if (screen === 'phone') await page.getByLabel('Who writes to the bot').click();
      await page.getByText('New person').click();
      await page.getByPlaceholder('First name').fill('Борис');
      await page.getByText('Russian').click();
      await page.getByRole('button', { name: 'Create' }).click();
      await page.locator('.hint').waitFor();
      await page.getByRole('button', { name: 'Start', exact: true }).click();
      await theirs('Здравствуйте').waitFor();
      await box().fill('/');
      await page.getByTestId('commands').getByText('Текст с разметкой').waitFor();
      await box().fill('');
    });

    test('a server that goes away is told, and found again', async () => {
      await sandbox.kill();
      await page.getByTestId('away').waitFor();
      await bot.stop().catch(() => {});
      const { port, data } = sandbox;
      sandbox = await Sandbox.start({ port, data });
      bot = new EchoBot(sandbox.url);
      await bot.start();
      await page.getByTestId('away').waitFor({ state: 'detached' });
      await theirs('Здравствуйте').waitFor();
      await say('still there?');
      await theirs('still there?').waitFor();
    });

    test('nothing overflows and nothing went wrong in the page', async () => {
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
      assert.equal(overflow, false);
      assert.deepEqual(problems, []);
    });
  });
}

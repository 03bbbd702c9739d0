import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { before, test } from 'node:test';
import { picture } from '../support/sandbox.mjs';
import { summary } from './bot.mjs';
import { onEachScreen } from './stage.mjs';

onEachScreen('files and sounds', (at) => {
  before(() => at.begin());

  test('a document goes out, and one is downloaded', async () => {
    await at.attach({ name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('notes') });
    await at.page.getByPlaceholder('Caption').fill('my notes');
    await at.page.getByTestId('upload').getByRole('button', { name: 'Send', exact: true }).click();
    await at.theirs('Got document: my notes').waitFor();
    await at.say('/file');
    const link = at.theirs('summary_1').getByRole('link');
    const [download] = await Promise.all([at.page.waitForEvent('download'), link.click()]);
    assert.equal(download.suggestedFilename(), 'summary_1_2026-11-23_10-00.txt');
    assert.equal(await readFile(await download.path(), 'utf8'), summary);
  });

  test('a text file shows its first lines, and the whole on a click', async () => {
    const document = at.theirs('summary_1').last();
    await document.getByText('Бета открывается').click();
    await at.page.getByTestId('viewer').getByText('Следующая встреча: 30 ноября.').waitFor();
    await at.page.keyboard.press('Escape');
    await at.page.getByTestId('viewer').waitFor({ state: 'detached' });
    await at.say('/word');
    await at.theirs('protocol_1').locator('.file-icon.word', { hasText: 'docx' }).waitFor();
    await at.say('/image');
    await at.theirs('portrait.png').locator('.document-picture img').waitFor();
  });

  test('a voice message has a waveform of its sound, plays, seeks and tells the time', async () => {
    await at.say('/voice');
    const voice = at.page.locator('.message.theirs .player').last();
    await voice.locator('.bars[data-known="1"]').waitFor();
    const heights = await voice.locator('.bars i').evaluateAll((bars) => bars.map((bar) => parseFloat(bar.style.height)));
    assert.ok(new Set(heights).size > 10 && Math.max(...heights) === 100, String(heights));
    const slider = voice.getByRole('slider');
    assert.equal(await slider.getAttribute('aria-valuetext'), '0:00 / 0:07');
    await voice.getByRole('button', { name: 'Play' }).click();
    await voice.getByRole('button', { name: 'Pause' }).waitFor();
    await voice.locator('.player-time', { hasText: '0:01 / 0:07' }).waitFor();
    await slider.press('ArrowRight');
    await voice.locator('.player-time', { hasText: '0:06 / 0:07' }).waitFor();
    await voice.locator('.bars i.done').nth(30).waitFor();
    await voice.getByRole('button', { name: 'Speed 1' }).click();
    await voice.getByRole('button', { name: 'Play' }).waitFor(); // it has ended
  });

  test('two photos are one album', async () => {
    await at.attach(['a.png', 'b.png'].map((name) => ({ name, mimeType: 'image/png', buffer: picture })));
    await at.page.getByTestId('upload').getByRole('button', { name: 'Send', exact: true }).click();
    await at.page.locator('.message.own .album-2 img').nth(1).waitFor();
    await at.theirs('Got photo').nth(1).waitFor();
    await at.page.locator('.message.own .album-2 .picture').first().click();
    await at.page.locator('.lightbox img').waitFor();
    await at.page.keyboard.press('Escape');
  });

  // All measured at one moment: a new message moves in.
  const measured = (album) =>
    album.evaluate((box) => {
      const size = (one) => one.getBoundingClientRect().toJSON();
      return { whole: size(box), cells: [...box.querySelectorAll('.album-cell')].map(size) };
    });

  test('an album of any size fills one rectangle without gaps', async () => {
    const chat = await at.chat();
    for (let count = 2; count <= 10; count++) await at.bot.album(chat, count, picture);
    await at.say('/album');
    const sizes = [...Array.from({ length: 9 }, (_, i) => [i + 2, `Photos: ${i + 2}.`]), [7, 'Seven views']];
    for (const [count, caption] of sizes) {
      const album = at.theirs(caption).locator('.album');
      await album.locator('.album-cell').nth(count - 1).waitFor();
      const { whole, cells } = await measured(album);
      const told = `${caption} ${JSON.stringify(cells)}`;
      assert.equal(cells.length, count, told);
      assert.ok(cells.every((cell) => cell.width > 60 && cell.height > 60 && cell.right <= whole.right + 1), told);
      assert.ok(cells.reduce((area, cell) => area + cell.width * cell.height, 0) > 0.96 * whole.width * whole.height, told);
      assert.ok(whole.height < 1.5 * whole.width, told);
    }
  });

  test('photos are looked at one after the other', async () => {
    await at.theirs('Seven views').locator('.album').getByRole('button').nth(1).click();
    const box = at.page.getByTestId('lightbox');
    const first = await box.locator('img').getAttribute('src');
    await box.getByRole('button', { name: 'Next' }).click();
    await at.page.waitForFunction((src) => document.querySelector('.lightbox img').getAttribute('src') !== src, first);
    await at.page.keyboard.press('ArrowLeft');
    await at.page.waitForFunction((src) => document.querySelector('.lightbox img').getAttribute('src') === src, first);
    await at.page.keyboard.press('Escape');
    await box.waitFor({ state: 'detached' });
  });

  test('files can be dropped into the chat', async () => {
    const data = await at.page.evaluateHandle(() => {
      const transfer = new DataTransfer();
      transfer.items.add(new File(['dropped'], 'dropped.txt', { type: 'text/plain' }));
      return transfer;
    });
    await at.page.dispatchEvent('.chat', 'drop', { dataTransfer: data });
    await at.page.getByTestId('upload').getByText('dropped.txt').waitFor();
    await at.page.getByTestId('upload').getByRole('button', { name: 'Cancel' }).click();
  });

  test('a voice message from the microphone', async () => {
    await at.page.getByLabel('Record a voice message').click();
    await at.page.locator('.recording-time', { hasText: '0:01' }).waitFor();
    await at.page.locator('.recording').getByLabel('Send').click();
    await at.theirs('Got voice').waitFor();
    const users = (await at.sandbox.get('/sandbox/state')).users;
    const { messages } = await at.sandbox.get(`/sandbox/chats/${users[0].id}/messages`);
    const { voice } = messages.find((message) => message.voice);
    assert.ok(voice.file_size > 500 && voice.duration >= 1, JSON.stringify(voice));
    assert.match(voice.mime_type, /^audio\//);
  });

  test('without a microphone there is a clear text', async () => {
    await at.page.evaluate(() => (navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('no', 'NotFoundError'))));
    await at.page.getByLabel('Record a voice message').click();
    await at.page.getByTestId('toast').getByText('There is no microphone here').waitFor();
  });
});

import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { onEachScreen } from './stage.mjs';

onEachScreen('money and tools', (at) => {
  before(() => at.begin());

  test('an invoice is paid after a question, and refused in words', async () => {
    await at.say('/invoice');
    const invoice = at.theirs('100 монет');
    await invoice.getByRole('button', { name: 'Pay ⭐ 80' }).click();
    await at.page.getByTestId('pay').getByText('no real money').waitFor();
    await at.page.getByTestId('pay').getByRole('button', { name: 'Pay ⭐ 80' }).click();
    await at.page.locator('.service', { hasText: 'Paid: ⭐ 80' }).waitFor();
    at.bot.refuses = 'Sold out';
    await invoice.getByRole('button', { name: 'Pay ⭐ 80' }).click();
    await at.page.getByTestId('pay').getByRole('button', { name: 'Pay ⭐ 80' }).click();
    await at.page.getByTestId('alert').getByText('Sold out').waitFor();
    await at.page.keyboard.press('Escape');
    at.bot.refuses = '';
    const paid = await at.bot.call('getStarTransactions');
    await at.bot.call('refundStarPayment', { user_id: await at.chat(), telegram_payment_charge_id: paid.transactions[0].id });
    await at.page.locator('.service', { hasText: 'Refunded: ⭐ 80' }).waitFor();
  });

  test('the inspector shows calls and updates as they happen', async () => {
    await at.button('Inspector').click();
    const traffic = at.page.getByTestId('traffic');
    await traffic.getByText('refundStarPayment').waitFor();
    await at.page.getByPlaceholder('Filter: method, text, id').fill('watch me');
    await at.write('watch me');
    const call = traffic.locator('.entry-line.call', { hasText: 'sendMessage' });
    await call.locator('.status', { hasText: '200' }).waitFor();
    await traffic.locator('.entry-line.update', { hasText: 'fetched' }).waitFor();
    assert.match(await call.locator('.when').textContent(), /\d (µs|ms)/);
    await call.getByRole('button').first().click();
    await call.locator('.json-key', { hasText: '"chat_id"' }).waitFor();
    await call.getByRole('button', { name: 'Copy: Request' }).click();
    await call.getByText('Copied').waitFor();
    assert.equal(JSON.parse(await at.page.evaluate(() => navigator.clipboard.readText())).text, 'watch me');
    await at.page.getByPlaceholder('Filter: method, text, id').fill('');
    await at.button('Calls').click();
    await call.waitFor({ state: 'detached' });
    await at.button('Calls').click();
  });

  test('a fault is set at a click, strikes, and is seen', async () => {
    await at.page.getByRole('tab', { name: 'Faults' }).click();
    await at.page.getByRole('button', { name: /429 Too Many/ }).click();
    await at.page.getByRole('button', { name: /Duplicate update/ }).click();
    const pending = at.page.getByTestId('pending');
    await pending.getByText('429').waitFor();
    await pending.getByText('duplicate_update').waitFor();
    await at.write('/typing');
    await pending.getByText('No fault is set').waitFor();
    await at.page.getByRole('tab', { name: 'Traffic' }).click();
    const traffic = at.page.getByTestId('traffic');
    await traffic.locator('.entry-line.call', { hasText: 'sendChatAction' }).locator('.status', { hasText: '429' }).waitFor();
    await traffic.locator('.entry-line.update', { hasText: 'fetched ×2' }).waitFor();
    await at.page.getByTestId('inspector').getByRole('button', { name: 'Close' }).click();
    await at.page.getByTestId('inspector').waitFor({ state: 'detached' });
  });

  test('the theme follows the system until one chooses, and is remembered', async () => {
    const theme = () => at.page.evaluate(() => document.documentElement.dataset.theme);
    await at.page.emulateMedia({ colorScheme: 'dark' });
    await at.page.waitForFunction(() => document.documentElement.dataset.theme === 'dark');
    await at.button('More').click();
    await at.page.getByRole('menuitemradio', { name: 'Light' }).press('Enter');
    assert.equal(await theme(), 'light');
    await at.page.reload();
    await at.theirs('100 монет').waitFor();
    assert.equal(await theme(), 'light');
    await at.page.emulateMedia({ colorScheme: 'light' });
  });

  test('a menu is walked with the arrow keys and gives the focus back', async () => {
    await at.button('Attach').focus();
    await at.page.keyboard.press('Enter');
    await at.page.getByRole('menu').waitFor();
    await at.page.keyboard.press('ArrowDown');
    assert.equal(await at.page.evaluate(() => document.activeElement.textContent.trim()), 'My contact');
    await at.page.keyboard.press('Escape');
    await at.page.getByRole('menu').waitFor({ state: 'detached' });
    assert.equal(await at.page.evaluate(() => document.activeElement.getAttribute('aria-label')), 'Attach');
  });

  test('everything that can be pressed has a name', async () => {
    const nameless = await at.page.evaluate(() =>
      [...document.querySelectorAll('button, a[href], input:not([hidden]), textarea, select, [role=slider]')]
        .filter((one) => !(one.getAttribute('aria-label') || one.textContent.trim() || one.labels?.length))
        .map((one) => one.outerHTML.slice(0, 120)));
    assert.deepEqual(nameless, []);
  });

  test('a second person has a chat of their own', async () => {
    if (at.screen === 'phone') await at.page.getByRole('button', { name: 'Who writes to the bot' }).click();
    await at.page.getByText('New person').click();
    await at.page.getByPlaceholder('First name').fill('Борис');
    await at.page.getByText('Russian').click();
    await at.page.getByRole('button', { name: 'Create' }).click();
    await at.page.locator('.hint').waitFor();
    await at.page.getByRole('button', { name: 'Start', exact: true }).click();
    await at.theirs('Здравствуйте').waitFor();
    await at.box().fill('/');
    await at.page.getByTestId('commands').getByText('Текст с разметкой').waitFor();
    await at.box().fill('');
  });

  test('a server that goes away is told, and found again', async () => {
    await at.sandbox.kill();
    await at.page.getByTestId('away').waitFor();
    await at.bot.stop().catch(() => {});
    const { port, data } = at.sandbox;
    await at.serve({ port, data });
    await at.page.getByTestId('away').waitFor({ state: 'detached' });
    await at.theirs('Здравствуйте').waitFor();
    await at.say('still there?');
    await at.theirs('still there?').waitFor();
  });
});

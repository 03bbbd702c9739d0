import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onEachScreen } from './stage.mjs';

onEachScreen('the talk', (at) => {
  test('the first visit makes a person and offers to start', async () => {
    await at.page.getByRole('button', { name: 'Start', exact: true }).click();
    await at.theirs('Здравствуйте').waitFor();
    await at.page.getByTestId('reply-keyboard').getByText('Личный кабинет').waitFor();
  });

  test('text in, text out, with a quote', async () => {
    await at.say('Hello there');
    await at.own('Hello there').waitFor();
    const answer = at.theirs('Hello there');
    await answer.waitFor();
    assert.equal(await answer.locator('.quote b').textContent(), 'Anna');
  });

  test('a button of the reply keyboard is said', async () => {
    await at.page.getByTestId('reply-keyboard').getByText('Настройки').click();
    await at.own('Настройки').waitFor();
    await at.button("The bot's keyboard").click();
    await at.page.getByTestId('reply-keyboard').waitFor({ state: 'detached' });
  });

  test('inline buttons: a toast, an alert, a live edit', async () => {
    await at.say('/buttons');
    const menu = at.theirs('Choose one');
    await menu.getByText('Toast').click();
    await at.page.getByTestId('toast').getByText('A toast').waitFor();
    await menu.getByText('Alert').click();
    await at.page.getByTestId('alert').getByText('An alert').waitFor();
    await at.page.getByTestId('alert').getByRole('button', { name: 'OK' }).click();
    await menu.getByText('Edit', { exact: true }).click();
    await at.theirs('Edited live').waitFor();
    await menu.waitFor({ state: 'detached' });
  });

  test("the bot's markup is shown and never run", async () => {
    await at.say('/rich');
    const message = at.theirs('Plain,');
    await message.waitFor();
    assert.equal(await message.locator('b').first().textContent(), 'bold');
    assert.equal(await message.locator('.rich a').first().getAttribute('href'), 'https://example.org');
    assert.equal(await message.locator('pre').textContent(), 'int main() {}');
    assert.match(await message.textContent(), /<script>window\.hacked = 1<\/script>/);
    assert.equal(await at.page.evaluate(() => window.hacked), undefined);
  });

  test('a chat action is shown', async () => {
    await at.say('/typing');
    await at.page.getByTestId('action').getByText('typing').waitFor();
  });

  test('a draft grows in place and gives way to the message', async () => {
    const go = at.bot.hold();
    await at.say('/draft');
    const draft = at.page.getByTestId('draft');
    await draft.getByText('grows word by word while it is being').waitFor();
    assert.equal(await draft.count(), 1);
    go();
    await at.theirs('and then stays.').waitFor();
    await draft.waitFor({ state: 'detached' });
  });

  test('a question asked with force_reply is answered as a reply', async () => {
    await at.say('/ask');
    await at.page.locator('.target', { hasText: 'What is your name?' }).waitFor();
    await at.say('My name is Anna');
    const own = at.own('My name is Anna');
    assert.match(await own.locator('.quote').textContent(), /What is your name/);
    await at.page.locator('.target').waitFor({ state: 'detached' });
  });

  test('a live edit moves nothing that one reads', async () => {
    await at.say('/progress');
    await at.theirs('100 %').waitFor();
    await at.atEnd();
    const shown = await at.messages();
    const [first, last] = [0, -1].map((index) => shown.filter(({ from }) => from.is_bot).at(index).message_id);
    await at.scrollTo(200);
    await at.page.getByTestId('to-end').waitFor();
    const reads = at.page.locator('.message', { hasText: 'Hello there' }).first();
    const topOf = (message) => message.evaluate((element) => Math.round(element.getBoundingClientRect().top));
    const before = await topOf(reads);
    for (const message_id of [first, last]) await at.bot.call('editMessageText', { chat_id: await at.chat(), message_id, text: `Changed ${message_id}${'\nand longer'.repeat(6)}` });
    await at.theirs(`Changed ${last}`).waitFor({ state: 'attached' });
    assert.ok(Math.abs((await topOf(reads)) - before) <= 1, `${before} became ${await topOf(reads)}`);
  });

  test('what comes while one reads above is counted and divided', async () => {
    await at.scrollTo(0);
    const go = at.bot.hold();
    await at.write('/many');
    go();
    await at.theirs('Line 12').waitFor({ state: 'attached' });
    await at.page.getByTestId('to-end').getByText('12', { exact: true }).waitFor();
    await at.page.getByTestId('to-end').click();
    await at.atEnd();
    await at.page.getByRole('separator').getByText('New messages').waitFor({ state: 'attached' });
    await at.page.getByTestId('to-end').waitFor({ state: 'detached' });
    await at.say('thanks');
    await at.page.locator('.divider').waitFor({ state: 'detached' });
  });

  test('a quote leads to its message and lights it up', async () => {
    await at.list().evaluate((list) => list.scrollTo(0, list.scrollHeight));
    const quote = at.own('My name is Anna').locator('.quote');
    await quote.click();
    await at.page.locator('.message.lit', { hasText: 'What is your name?' }).waitFor();
    await at.page.getByTestId('to-end').click();
    await at.atEnd();
  });

  test('the commands menu, in the language of the person', async () => {
    await at.page.getByLabel('Commands').click();
    await at.page.getByTestId('commands').getByText('Formatted text').click();
    await at.theirs('Plain,').nth(1).waitFor();
  });

  test('one edits and quotes what was said', async () => {
    await at.say('mistake');
    const own = at.own('mistake');
    if (at.screen === 'phone') {
      await own.locator('.bubble').click({ button: 'right' }); // what a long press is to the page
      await at.page.getByRole('menuitem', { name: 'Edit' }).click();
    } else {
      await own.hover();
      await own.getByRole('button', { name: 'Edit' }).click();
    }
    await at.page.waitForFunction(() => document.querySelector('textarea').value === 'mistake');
    await at.say('correction');
    await at.own('correction').getByText('edited').waitFor();
  });
});

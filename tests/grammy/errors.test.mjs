import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Bot, GrammyError, HttpError } from 'grammy';
import { Sandbox, token } from '../support/sandbox.mjs';

describe('errors as grammY sees them', () => {
  let sandbox, person, bot;
  before(async () => {
    sandbox = await Sandbox.start();
    bot = new Bot(token, { client: { apiRoot: sandbox.url } });
    await bot.init();
    person = await sandbox.person();
    await person.write('/start');
  });
  after(() => sandbox?.stop());

  const refused = (code, description) => (error) => {
    assert.ok(error instanceof GrammyError, String(error));
    assert.equal(error.error_code, code);
    assert.match(error.description, description);
    return true;
  };

  test('a chat that never wrote', () => assert.rejects(bot.api.sendMessage(1, 'a'), refused(400, /^Bad Request: chat not found$/)));

  test('an edit that changes nothing', async () => {
    const { message_id } = await bot.api.sendMessage(person.id, 'same');
    await assert.rejects(bot.api.editMessageText(person.id, message_id, 'same'), refused(400, /^Bad Request: message is not modified: /));
  });

  test('a callback is answered once', async () => {
    const menu = await bot.api.sendMessage(person.id, 'menu', { reply_markup: { inline_keyboard: [[{ text: 'A', callback_data: 'a' }]] } });
    const { callback_query_id } = await person.press(menu, 'A');
    await bot.api.answerCallbackQuery(callback_query_id);
    await assert.rejects(bot.api.answerCallbackQuery(callback_query_id), refused(400, /query is too old and response timeout expired or query ID is invalid$/));
  });

  test('flood control with parameters.retry_after and the header', async () => {
    await sandbox.post('/sandbox/faults', { kind: '429', method: 'sendMessage', retry_after: 3, count: 2 });
    await assert.rejects(bot.api.sendMessage(person.id, 'a'), (error) => refused(429, /^Too Many Requests: retry after 3$/)(error) && error.parameters.retry_after === 3);
    const raw = await fetch(`${sandbox.url}/bot${token}/sendMessage?chat_id=${person.id}&text=a`);
    assert.equal(raw.headers.get('retry-after'), '3');
    await bot.api.sendMessage(person.id, 'a');
  });

  test('a dropped connection before the call leaves nothing, after it a message', async () => {
    const count = async () => (await sandbox.get(`${person.chat}/messages`)).messages.length;
    const before = await count();
    await sandbox.post('/sandbox/faults', { kind: 'drop_before', method: 'sendMessage' });
    await assert.rejects(bot.api.sendMessage(person.id, 'a'), HttpError);
    assert.equal(await count(), before);
    await sandbox.post('/sandbox/faults', { kind: 'drop_after', method: 'sendMessage' });
    await assert.rejects(bot.api.sendMessage(person.id, 'a'), HttpError);
    assert.equal(await count(), before + 1);
  });

  test('a person who blocks the bot, and comes back', async () => {
    await person.act('/block', { blocked: true });
    await assert.rejects(bot.api.sendMessage(person.id, 'a'), refused(403, /^Forbidden: bot was blocked by the user$/));
    const updates = await bot.api.getUpdates({ allowed_updates: [] });
    const change = updates.at(-1).my_chat_member;
    assert.deepEqual([change.old_chat_member.status, change.new_chat_member.status], ['member', 'kicked']);
    await person.write('hello again');
    await bot.api.sendMessage(person.id, 'welcome');
  });

  test('calls are recorded without the token, violations with their place', async () => {
    await bot.api.sendMessage(person.id, 'a', { nonsense: 1 });
    const { violations } = await sandbox.get('/sandbox/violations');
    assert.deepEqual(violations.at(-1).violations, ['nonsense: unknown field']);
    const text = JSON.stringify(await sandbox.get('/sandbox/calls'));
    assert.ok(!text.includes(token.split(':')[1]));
  });

  test('a group: everything is seen, everybody has a name', async () => {
    const other = await sandbox.person({ first_name: 'Bob' });
    const group = await sandbox.post('/sandbox/groups', { title: 'Team', members: [person.id, other.id] });
    await sandbox.post(`/sandbox/chats/${group.id}/messages`, { from: other.id, text: 'Menu' });
    const updates = await bot.api.getUpdates({ offset: -1 });
    assert.equal(updates[0].message.chat.type, 'group');
    assert.equal(updates[0].message.from.first_name, 'Bob');
    await bot.api.sendMessage(group.id, 'in the group');
  });
});

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { after, before, describe, test } from 'node:test';
import { webhookCallback } from 'grammy';
import { Sandbox } from '../support/sandbox.mjs';
import { makeBot } from './bot.mjs';
import { dialogue } from './dialogue.mjs';

const secret = 'hook-secret_1';

// A web server for webhooks; `handle` may be changed while it runs.
async function hookServer(handle) {
  const server = createServer((request, response) => server.handle(request, response));
  server.handle = handle;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  server.url = `http://127.0.0.1:${server.address().port}/hook`;
  return server;
}

async function read(request) {
  let body = '';
  for await (const chunk of request) body += chunk;
  return JSON.parse(body);
}

function end(server) {
  server.closeAllConnections();
  server.close();
}

describe('grammY by webhook', () => {
  let sandbox, person, server, bot;
  before(async () => {
    sandbox = await Sandbox.start();
    bot = makeBot(sandbox.url);
    server = await hookServer(webhookCallback(bot, 'http', { secretToken: secret }));
    await bot.api.setWebhook(server.url, { secret_token: secret });
    person = await sandbox.person();
  });
  after(async () => {
    if (server) end(server);
    await sandbox?.stop();
  });
  dialogue(() => ({ sandbox, person }));
});

describe('delivery to a webhook', () => {
  let sandbox, person, server, bot;
  const seen = [];
  const waiting = [];
  // Resolves with the next request that arrives: { update, answer(status, headers) }.
  const next = () => (seen.length > 0 ? Promise.resolve(seen.shift()) : new Promise((resolve) => waiting.push(resolve)));
  before(async () => {
    sandbox = await Sandbox.start();
    server = await hookServer(async (request, response) => {
      const update = await read(request);
      const answer = (status, headers = {}) => response.writeHead(status, headers).end();
      const one = { update, answer, secret: request.headers['x-telegram-bot-api-secret-token'] };
      waiting.length > 0 ? waiting.shift()(one) : seen.push(one);
    });
    bot = makeBot(sandbox.url);
    await bot.api.setWebhook(server.url, { secret_token: secret, max_connections: 2 });
    person = await sandbox.person();
  });
  after(async () => {
    if (server) end(server);
    await sandbox?.stop();
  });

  test('the secret comes with every update; the next message only after a 2xx for the last', async () => {
    await person.write('one');
    await person.write('two');
    const first = await next();
    assert.equal(first.secret, secret);
    assert.equal(first.update.message.text, 'one');
    assert.equal((await bot.api.getWebhookInfo()).pending_update_count, 2);
    assert.equal(seen.length, 0);
    first.answer(200);
    const second = await next();
    assert.equal(second.update.message.text, 'two');
    second.answer(204);
  });

  test('another person, and a pressed button, do not wait', async () => {
    const other = await sandbox.person({ first_name: 'Bob' });
    await person.write('slow');
    const slow = await next();
    await other.write('quick');
    const quick = await next();
    assert.equal(quick.update.message.text, 'quick');
    quick.answer(200);
    const menu = await bot.api.sendMessage(person.id, 'menu', { reply_markup: { inline_keyboard: [[{ text: 'A', callback_data: 'a' }]] } });
    await person.press(menu, 'A');
    const pressed = await next();
    assert.equal(pressed.update.callback_query.data, 'a');
    pressed.answer(200);
    slow.answer(200);
  });

  test('a failure is told and retried at once', async () => {
    await person.write('again');
    const first = await next();
    first.answer(500);
    const second = await next();
    assert.equal(second.update.update_id, first.update.update_id);
    const info = await bot.api.getWebhookInfo();
    assert.match(info.last_error_message, /^Wrong response from the webhook: 500/);
    assert.ok(info.last_error_date > 0);
    second.answer(200);
  });

  test('Retry-After of the answer is honoured', async () => {
    await person.write('later');
    const first = await next();
    const refused = Date.now();
    first.answer(503, { 'Retry-After': '1' });
    const second = await next();
    assert.equal(second.update.update_id, first.update.update_id);
    assert.ok(Date.now() - refused >= 900, `came back after ${Date.now() - refused} ms`);
    second.answer(200);
  });

  test('a duplicate that was asked for comes twice', async () => {
    await sandbox.post('/sandbox/faults', { kind: 'duplicate_update' });
    await person.write('twin');
    const first = await next();
    first.answer(200);
    const second = await next();
    assert.equal(second.update.update_id, first.update.update_id);
    second.answer(200);
  });

  test('what waits survives kill -9, with the webhook', async () => {
    await person.write('keep me');
    const lost = await next();
    await sandbox.kill();
    lost.answer(200); // nobody hears it
    const { port, data } = sandbox;
    sandbox = await Sandbox.start({ port, data });
    const again = await next();
    assert.equal(again.update.update_id, lost.update.update_id);
    again.answer(200);
    const { messages } = await sandbox.get(`${person.chat}/messages`);
    assert.equal(messages.at(-1).text, 'keep me');
  });

  test('deleteWebhook gives the queue to getUpdates', async () => {
    await bot.api.deleteWebhook();
    await person.write('polled');
    const updates = await bot.api.getUpdates({ timeout: 5 });
    assert.equal(updates.at(-1).message.text, 'polled');
  });
});

// The same dialogue for every way in which a bot may get its updates.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { picture } from '../support/sandbox.mjs';

// scene: () => ({ sandbox, person }), valid while the tests run.
export function dialogue(scene) {
  test('a command is answered, with entities and a reply keyboard', async () => {
    const { person } = scene();
    await person.write('/start');
    const [event] = await person.answers();
    assert.equal(event.message.text, 'Hello, Анна');
    assert.deepEqual(event.message.entities, [{ offset: 7, length: 4, type: 'bold' }]);
    assert.deepEqual(event.keyboard.keyboard, [[{ text: 'Menu' }], [{ text: 'Share my contact', request_contact: true }]]);
  });

  test('an argument comes back as a reply', async () => {
    const { person } = scene();
    const asked = await person.write('/echo Привет 😀');
    const answer = await person.answer();
    assert.equal(answer.text, 'Привет 😀');
    assert.equal(answer.reply_to_message.message_id, asked.message_id);
  });

  test('a button of a keyboard, an inline button, its answer and the edit', async () => {
    const { person } = scene();
    await person.write('Menu');
    const menu = await person.answer();
    const { callback_query_id } = await person.press(menu, 'Two');
    const answer = await person.answer({ types: 'callback_answer' });
    assert.equal(answer.callback_query_id, callback_query_id);
    assert.equal(answer.text, 'You took 2');
    assert.equal(answer.show_alert, true);
    const edited = await person.answer({ types: 'edit' });
    assert.equal(edited.message_id, menu.message_id);
    assert.equal(edited.text, 'Taken: 2');
    assert.equal(edited.reply_markup, undefined);
    await assert.rejects(person.press(edited, 'Two'), /no inline keyboard/);
  });

  test('a chat action, edits and a deletion come in their order', async () => {
    const { person } = scene();
    await person.write('/progress');
    const events = await person.answers(5, { types: 'action,message,edit,delete' });
    assert.deepEqual(
      events.map((event) => [event.type, event.action ?? event.message?.text ?? '']),
      [['action', 'typing'], ['message', '0 %'], ['edit', '50 %'], ['edit', '100 %'], ['delete', '']],
    );
  });

  test('a photo with a formatted caption', async () => {
    const { person } = scene();
    await person.write('/photo');
    const answer = await person.answer();
    assert.equal(answer.caption, 'one');
    assert.deepEqual(answer.caption_entities, [{ offset: 0, length: 3, type: 'italic' }]);
    assert.deepEqual([answer.photo[0].width, answer.photo[0].height], [8, 8]);
  });

  test('an album is two messages of one group', async () => {
    const { person } = scene();
    await person.write('/album');
    const parts = (await person.answers(2)).map((event) => event.message);
    assert.equal(parts[0].media_group_id, parts[1].media_group_id);
    assert.deepEqual(parts.map((part) => part.caption), ['first', 'second']);
  });

  test('a document can be downloaded under its own name', async () => {
    const { sandbox, person } = scene();
    await person.write('/document');
    const { document } = await person.answer();
    assert.equal(document.file_name, 'протокол.txt');
    const file = await fetch(`${sandbox.url}/sandbox/files/${document.file_id}`);
    assert.equal(await file.text(), 'Протокол');
    assert.match(file.headers.get('content-disposition'), /attachment/);
  });

  test('the bot downloads a voice message and a document', async () => {
    const { person } = scene();
    await person.sendFiles('voice', [{ name: 'v.oga', content: 'sound', type: 'audio/ogg' }], { duration: 3 });
    assert.equal((await person.answer()).text, 'voice: sound');
    await person.sendFiles('document', [{ name: 'Отчёт "1".txt', content: 'words' }]);
    assert.equal((await person.answer()).text, 'Отчёт "1".txt: words');
  });

  test('photos alone and as an album', async () => {
    const { person } = scene();
    await person.sendFiles('photo', [{ name: 'a.png', content: picture, type: 'image/png' }]);
    assert.equal((await person.answer()).text, 'photo 8x8 alone');
    await person.sendFiles('photo', [1, 2, 3].map((n) => ({ name: `${n}.png`, content: picture, type: 'image/png' })));
    const texts = (await person.answers(3)).map((event) => event.message.text);
    assert.deepEqual(texts, Array(3).fill('photo 8x8 of an album'));
  });

  test('a contact, and an edited message', async () => {
    const { sandbox, person } = scene();
    await person.send({ contact: true });
    assert.equal((await person.answer()).text, 'verified');
    const own = await person.write('before');
    await person.answer();
    await sandbox.request('PATCH', `${person.chat}/messages/${own.message_id}`, { text: 'after' });
    assert.equal((await person.answer()).text, 'now: after');
  });

  test('an invoice is paid in Stars', async () => {
    const { person } = scene();
    await person.write('/invoice');
    const invoice = await person.answer();
    await person.act('/pay', { message_id: invoice.message_id });
    assert.equal((await person.answer({ contains: 'Paid' })).text, 'Paid 80 for order-1');
  });

  test('people do not see each other', async () => {
    const { sandbox, person } = scene();
    const other = await sandbox.person({ first_name: 'Bob', language_code: 'en' });
    await other.write('mine');
    assert.equal((await other.answer()).text, 'said mine');
    const { messages } = await sandbox.get(`${person.chat}/messages`);
    assert.ok(messages.every((message) => message.text !== 'said mine'));
  });

  test('nothing the bot called broke the Bot API', async () => {
    const { violations } = await scene().sandbox.get('/sandbox/violations');
    assert.deepEqual(violations, []);
  });
}

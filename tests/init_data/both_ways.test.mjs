// @telegram-apps/init-data-node signs and we open; we sign and it validates. Names hold what encodings trip over.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { isValid, sign, validate } from '@telegram-apps/init-data-node';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const program = join(process.env.PERSONA_BUILD ?? join(root, 'build', 'release'), 'tests', 'init_data_peer');
const token = '123456:init-data-test-token';
const names = ['Anna', 'A+B', 'C++ & Rust = ?', '100% %2B %zz', 'Анна Ёж', 'a  b', '🎤+🎧', '"quoted" \\ / \n line', '+', '%20'];

function peer(...asked) {
  const ran = spawnSync(program, { input: asked.map((one) => JSON.stringify(one)).join('\n') + '\n', encoding: 'utf8' });
  assert.equal(ran.status, 0, ran.stderr);
  return ran.stdout.trim().split('\n').map((line) => JSON.parse(line));
}

const person = (name) => ({ id: 5000000001, first_name: name, language_code: 'ru' });
const signed = (name, at = new Date(), key = token) =>
  sign({ user: person(name), query_id: 'AAHdF6IQAAAAAN0XohDhrOrc', start_param: 'topup' }, key, at);

test('what the package signs, we open', () => {
  const opened = peer(...names.map((name) => ({ open: signed(name), token })));
  assert.deepEqual(opened, names.map((name) => ({ id: 5000000001, name, start: 'topup' })));
});

test('blanks as %20, as Telegram writes them, and a plus as it is', () => {
  const text = signed('A+B C').replaceAll('+', '%20');
  assert.deepEqual(peer({ open: text, token }, { open: text.replaceAll('%2B', '+'), token }).map((one) => one.name), ['A+B C', 'A+B C']);
});

test('what we sign, the package validates', () => {
  const at = String(Math.floor(Date.now() / 1000));
  const asked = names.map((name) => ({ sign: [['user', JSON.stringify(person(name))], ['auth_date', at], ['chat_type', 'private'], ['signature', 'x']], token }));
  for (const { text } of peer(...asked)) {
    assert.doesNotThrow(() => validate(text, token));
    assert.equal(isValid(text, '123456:another-token'), false);
    assert.equal(isValid(text.replace('private', 'channel'), token), false);
  }
});

test('both refuse what is forged, too old or of tomorrow', () => {
  const hours = (count) => new Date(Date.now() + count * 3_600_000);
  const bad = [signed('Anna', hours(0), '123456:another-token'), signed('Anna').replace('Anna', 'Eve'), signed('Anna', hours(-25)), signed('Anna', hours(1))];
  assert.deepEqual(peer(...bad.map((open) => ({ open, token }))).map((one) => one.fault), [1, 1, 2, 3]);
  for (const text of bad.slice(0, 3)) assert.equal(isValid(text, token), false);
});

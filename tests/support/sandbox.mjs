// A persona-sandbox process of a test's own, and a short way to act as a person in it. Node 18, no dependencies.
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const program = join(process.env.PERSONA_BUILD ?? join(root, 'build', 'release'), 'persona-sandbox');

export const token = '123456:sandbox-test-token';

export class Sandbox {
  // Starts on a free port (or `port` again after a kill) with an empty data folder (or `data` again).
  static async start({ port = 0, data } = {}) {
    const sandbox = new Sandbox();
    sandbox.data = data ?? (await mkdtemp(join(tmpdir(), 'persona-sandbox-')));
    const options = ['--listen', `127.0.0.1:${port}`, '--data', sandbox.data, '--pages', join(root, 'pages', 'dist', 'chat')];
    sandbox.process = spawn(program, options, { stdio: ['ignore', 'pipe', 'inherit'] });
    sandbox.ended = new Promise((resolve) => sandbox.process.once('exit', (code, signal) => resolve({ code, signal })));
    for await (const line of createInterface(sandbox.process.stdout)) {
      const listens = line.match(/listens on .*:(\d+)/);
      if (!listens) continue;
      sandbox.port = Number(listens[1]);
      sandbox.url = `http://127.0.0.1:${sandbox.port}`;
      return sandbox;
    }
    throw new Error(`${program} ended before it listened`);
  }

  async kill(signal = 'SIGKILL') {
    this.process.kill(signal);
    return this.ended;
  }

  async stop() {
    const { code } = await this.kill('SIGTERM');
    await rm(this.data, { recursive: true, force: true });
    if (code !== 0) throw new Error(`persona-sandbox ended with ${code}`);
  }

  async request(method, path, body) {
    const form = body instanceof FormData;
    const response = await fetch(this.url + path, {
      method,
      body: body === undefined || form ? body : JSON.stringify(body),
      headers: body === undefined || form ? {} : { 'Content-Type': 'application/json' },
    });
    const answer = await response.json();
    if (!response.ok) throw Object.assign(new Error(`${method} ${path}: ${JSON.stringify(answer)}`), { status: response.status, answer });
    return answer;
  }

  get = (path) => this.request('GET', path);
  post = (path, body) => this.request('POST', path, body ?? {});

  async person(fields = {}) {
    const user = await this.post('/sandbox/users', { first_name: 'Анна', language_code: 'ru', ...fields });
    return new Person(this, user.id);
  }
}

// A person in the private chat with the bot. Every act remembers where it began; answers() waits for what the bot did since.
export class Person {
  constructor(sandbox, id) {
    Object.assign(this, { sandbox, id, chat: `/sandbox/chats/${id}`, seq: 0 });
  }

  async act(path, body) {
    const answer = await this.sandbox.post(this.chat + path, body);
    this.seq = answer.seq;
    return answer.result;
  }

  write = (text, more = {}) => this.act('/messages', { text, ...more });
  send = (content) => this.act('/messages', content);
  press = (message, label) => this.act('/press', { message_id: message.message_id, text: label });

  sendFiles(kind, files, fields = {}) {
    const form = new FormData();
    for (const [name, value] of Object.entries({ kind, ...fields })) form.append(name, String(value));
    for (const { name, content, type } of files) form.append('file', new Blob([content], { type: type ?? '' }), name);
    return this.act('/messages', form);
  }

  // The next `count` things the bot did in this chat; throws after `timeout` seconds.
  async answers(count = 1, { types = 'message,edit', contains = '', timeout = 10 } = {}) {
    const query = new URLSearchParams({ chat: this.id, after: this.seq, count, timeout, types, contains });
    const { events, seq } = await this.sandbox.get(`/sandbox/wait?${query}`);
    this.seq = seq;
    return events.slice(0, count);
  }

  async answer(options) {
    const [event] = await this.answers(1, options);
    return event.message ?? event;
  }
}

// A PNG of one colour is enough of a photo for Telegram's rules: 8 by 8 pixels.
export const picture = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAEklEQVR4nGNwqP+PFTEMLQkAnPZ/ARn0ogMAAAAASUVORK5CYII=',
  'base64',
);

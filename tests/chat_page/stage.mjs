// A sandbox, a bot that echoes and the page in a browser, on a phone and on a desktop; and short ways to act in it.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { chromium } from 'playwright-core';
import { Sandbox } from '../support/sandbox.mjs';
import { EchoBot } from './bot.mjs';

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
const quiet = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
const microphone = ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'];
const permissions = ['microphone', 'clipboard-read', 'clipboard-write'];

const screens = {
  phone: { viewport: { width: 390, height: 844 }, hasTouch: true },
  desktop: { viewport: { width: 1280, height: 800 } },
};

class Stage {
  problems = []; // what no test asked for: errors of the page, requests to the net

  constructor(screen) {
    this.screen = screen;
  }

  async open() {
    await this.serve();
    this.browser = await chromium.launch({ executablePath, args: [...quiet, ...microphone] });
    const context = await this.browser.newContext({ ...screens[this.screen], locale: 'en-GB', permissions });
    const tell = (problem) => this.problems.push(problem);
    await context.route((url) => url.hostname !== '127.0.0.1', (route) => (tell(`asks the net: ${route.request().url()}`), route.abort()));
    this.page = await context.newPage();
    this.page.setDefaultTimeout(10_000);
    this.page.on('pageerror', (error) => tell(String(error)));
    this.page.on('console', (message) => message.type() === 'error' && !/ERR_|Failed to load resource/.test(message.text()) && tell(message.text()));
    await this.page.goto(this.sandbox.url);
  }

  async serve(again) {
    this.sandbox = await Sandbox.start(again);
    this.bot = new EchoBot(this.sandbox.url);
    await this.bot.start();
  }

  async close() {
    await this.browser?.close();
    await this.bot?.stop();
    await this.sandbox?.stop();
  }

  async begin() {
    await this.button('Start').click();
    await this.theirs('Здравствуйте').waitFor();
  }

  box = () => this.page.getByRole('textbox', { name: 'Message' });
  button = (name) => this.page.getByRole('button', { name, exact: true });
  theirs = (text) => this.page.locator('.message.theirs', { hasText: text });
  own = (text) => this.page.locator('.message.own', { hasText: text });
  attach = (files) => this.page.locator('input[type=file]').setInputFiles(files);
  list = () => this.page.getByRole('log');

  async say(text) {
    await this.box().fill(text);
    await this.box().press('Enter');
  }

  // The person's own message, written elsewhere than in this page.
  write = async (text) => this.sandbox.post(`/sandbox/chats/${await this.chat()}/messages`, { text });
  chat = async () => (await this.sandbox.get('/sandbox/state')).users[0].id;
  messages = async () => (await this.sandbox.get(`/sandbox/chats/${await this.chat()}/messages`)).messages;

  scrollTo = (top) => this.list().evaluate((list, to) => list.scrollTo(0, to), top);
  atEnd = () => this.page.waitForFunction(() => ((list) => list.scrollHeight - list.scrollTop - list.clientHeight < 4)(document.querySelector('.conversation')));
}

// Both screens at once: most of a test is waiting for the page.
export function onEachScreen(what, define) {
  describe(what, { concurrency: true }, () => {
    for (const screen of Object.keys(screens))
      describe(`on a ${screen}`, { concurrency: false }, () => {
        const stage = new Stage(screen);
        before(() => stage.open());
        after(() => stage.close());
        define(stage);
        test('nothing overflows and nothing went wrong in the page', async () => {
          assert.equal(await stage.page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth), false);
          assert.deepEqual(stage.problems, []);
        });
      });
  });
}

import { after, before, describe } from 'node:test';
import { Sandbox } from '../support/sandbox.mjs';
import { makeBot, startPolling } from './bot.mjs';
import { dialogue } from './dialogue.mjs';

describe('grammY by long poll', () => {
  let sandbox, person, stop;
  before(async () => {
    sandbox = await Sandbox.start();
    stop = await startPolling(makeBot(sandbox.url));
    person = await sandbox.person();
  });
  after(async () => {
    await stop?.();
    await sandbox?.stop();
  });
  dialogue(() => ({ sandbox, person }));
});

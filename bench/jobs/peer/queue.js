// queue.js SOCKET JOBS CALLERS: the same by BullMQ: so many callers add jobs one after another, a worker runs them 64 at a time, each
// doing nothing; prints the jobs a second from the first order to the last end.
import { Queue, Worker } from 'bullmq';

const [path, jobs, callers] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];
const connection = { path, maxRetriesPerRequest: null };
const name = `bench${process.pid}`;
const queue = new Queue(name, { connection, defaultJobOptions: { removeOnComplete: true } });
await queue.waitUntilReady();
let left = jobs;
let toEnd = jobs;
let ended;
const end = new Promise((resolve) => (ended = resolve));
const worker = new Worker(name, async () => {}, { connection, concurrency: 64 });
worker.on('completed', () => {
  if (--toEnd === 0) ended();
});
await worker.waitUntilReady();
const begin = process.hrtime.bigint();
const order = async () => {
  while (left > 0) await queue.add('bench', { number: left-- });
};
await Promise.all(Array.from({ length: callers }, order));
await end;
console.log(Math.round(jobs / (Number(process.hrtime.bigint() - begin) / 1e9)));
await worker.close();
await queue.close();

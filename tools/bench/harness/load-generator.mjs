// Sends raw requests over plain sockets: a client of Node's own would cost more than what is measured.
import { connect } from 'node:net';
import { percentile } from './statistics.mjs';

/** The answer at the beginning of `bytes`, once it is whole. */
const answerIn = (bytes) => {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return null;
  const head = bytes.latin1Slice(0, end);
  const status = Number(head.slice(9, 12));
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
  if (length === undefined && status !== 204 && status !== 304) throw new Error(`an answer ${status} without a length`);
  const size = end + 4 + Number(length ?? 0);
  return bytes.length < size ? null : { status, size, text: () => bytes.latin1Slice(end + 4, size) };
};

const connection = ({ hostname, port, requests, expected, isOver, onAnswer }) =>
  new Promise((done, fail) => {
    const socket = connect({ host: hostname, port, noDelay: true });
    let received = Buffer.alloc(0);
    let sentAt = 0;
    const next = () => {
      if (isOver()) {
        socket.destroy();
        return done();
      }
      sentAt = performance.now();
      socket.write(requests[Math.floor(Math.random() * requests.length)]);
    };
    socket.on('error', fail);
    socket.on('close', () => done());
    socket.on('connect', next);
    socket.on('data', (chunk) => {
      try {
        received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
        const answer = answerIn(received);
        if (!answer) return;
        if (answer.status !== expected) throw new Error(`${answer.status} instead of ${expected}: ${answer.text().slice(0, 500)}`);
        received = received.subarray(answer.size);
        onAnswer(performance.now() - sentAt);
        next();
      } catch (error) {
        socket.destroy();
        fail(error);
      }
    });
  });

const run = async ({ seconds, connections, requests, ...job }) => {
  const latencies = [];
  const bytes = requests.map((request) => Buffer.from(request));
  const began = performance.now();
  const isOver = () => performance.now() - began >= seconds * 1_000;
  const one = () => connection({ ...job, requests: bytes, isOver, onAnswer: (millis) => latencies.push(millis) });
  await Promise.all(Array.from({ length: connections }, one));
  const perSecond = latencies.length / ((performance.now() - began) / 1_000);
  return { perSecond, p50: percentile(latencies, 0.5), p99: percentile(latencies, 0.99), answers: latencies.length };
};

process.channel?.ref();
process.on('message', (job) => {
  run(job).then(
    (figures) => process.send(figures),
    (error) => process.send({ error: error.message }),
  );
});

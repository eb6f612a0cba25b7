// The planning backend of PlanningPushTests: keeps each event once, on the disk before it answers, and dies where it is told.
// node receiver.mjs FILE PORT SECRET CRASHES   CRASHES: comma-separated, e.g. "3:before,5:after": at the 3rd request before
// storing, at the 5th after storing but before answering.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { appendFileSync, existsSync, openSync, fsyncSync, closeSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';

const [file, port, secret, crashes] = process.argv.slice(2);
const plan = new Map(crashes.split(',').filter(Boolean).map(c => c.split(':')).map(([n, when]) => [Number(n), when]));
const seen = new Set(existsSync(file)
  ? readFileSync(file, 'utf8').split('\n').filter(Boolean).map(line => JSON.parse(line)).map(e => e.source + ' ' + e.id) : []);
let requests = 0;

const die = () => process.kill(process.pid, 'SIGKILL');

function genuine(header, body) {
  const match = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(header ?? '');
  if (!match) return false;
  const mac = createHmac('sha256', secret).update(match[1] + '.').update(body).digest();
  return timingSafeEqual(mac, Buffer.from(match[2], 'hex'));
}

createServer((request, response) => {
  const parts = [];
  request.on('data', part => parts.push(part));
  request.on('end', () => {
    const body = Buffer.concat(parts);
    const when = plan.get(++requests);
    if (when === 'before') return die();
    if (!genuine(request.headers['quartier-signature'], body)) {
      response.writeHead(401).end();
      return;
    }
    const event = JSON.parse(body.toString('utf8'));
    const complete = event.specversion === '1.0' && event.id && event.source && event.type
      && decodeURIComponent(request.headers['idempotency-key']) === event.id
      && request.headers['content-type'].startsWith('application/cloudevents+json');
    if (!complete) {
      response.writeHead(400).end();
      return;
    }
    const key = event.source + ' ' + event.id;
    if (!seen.has(key)) {
      appendFileSync(file, JSON.stringify(event) + '\n');
      const descriptor = openSync(file, 'r+');
      fsyncSync(descriptor);
      closeSync(descriptor);
      seen.add(key);
    }
    if (when === 'after') return die();
    response.writeHead(204).end();
  });
}).listen(Number(port), '127.0.0.1', function () {
  console.log('listening ' + this.address().port);
});

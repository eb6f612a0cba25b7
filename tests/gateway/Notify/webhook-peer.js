// A foreign receiver of webhooks: node's http and crypto, written after docs/street-work.md and CloudEvents 1.0.
// Says each request as one JSON line, with its own judgement of signature and event.
// usage: node webhook-peer.js PORT SECRET STATUS
'use strict';
const http = require('http');
const crypto = require('crypto');
const [port, secret, status] = process.argv.slice(2);
const say = (line) => process.stdout.write(JSON.stringify(line) + '\n');

function isSigned(header, body) {
  const match = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(header || '');
  if (!match) { return false; }
  const mac = crypto.createHmac('sha256', secret).update(match[1] + '.').update(body).digest('hex');
  return crypto.timingSafeEqual(Buffer.from(mac), Buffer.from(match[2]));
}

function isEvent(type, event) {
  const required = ['specversion', 'id', 'source', 'type'].every((name) => typeof event[name] === 'string' && event[name].length > 0);
  return /^application\/cloudevents\+json(;|$)/.test(type) && required && event.specversion === '1.0'
    && !Number.isNaN(Date.parse(event.time)) && Object.keys(event).every((name) => /^[a-z0-9]{1,20}$/.test(name));
}

const server = http.createServer((request, response) => {
  const parts = [];
  request.on('data', (part) => parts.push(part));
  request.on('end', () => {
    const body = Buffer.concat(parts);
    const event = JSON.parse(body.toString('utf8'));
    say({
      signed: isSigned(request.headers['quartier-signature'], body),
      valid: isEvent(request.headers['content-type'], event),
      key: request.headers['idempotency-key'],
      event,
    });
    response.writeHead(Number(status), status === '302' ? { location: 'http://127.0.0.1:9/' } : {});
    response.end();
  });
});
server.listen(Number(port), '127.0.0.1', () => say({ port: server.address().port }));

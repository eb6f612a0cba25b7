// A foreign mail server for the tests: npm's smtp-server. Says each mail as one JSON line on standard output.
// usage: node smtp-peer.js PATH-OF-SMTP-SERVER PORT PLAIN|STARTTLS ANSWER
// ANSWER: accept | refuse (550 to the recipient) | busy (451 after the data) | silent (takes the data and never answers)
'use strict';
const { SMTPServer } = require(process.argv[2]);
const [port, security, answer] = process.argv.slice(3);
const plain = security === 'PLAIN';
const say = (line) => process.stdout.write(JSON.stringify(line) + '\n');
const fault = (code, text) => Object.assign(new Error(text), { responseCode: code });

const server = new SMTPServer({
  disabledCommands: plain ? ['AUTH', 'STARTTLS'] : [],
  authMethods: ['PLAIN'],
  disableReverseLookup: true,
  logger: false,
  onAuth(auth, session, done) {
    return auth.username === 'nester' && auth.password === 'pässwort'
      ? done(null, { user: auth.username }) : done(fault(535, 'wrong password'));
  },
  onRcptTo(address, session, done) {
    return answer === 'refuse' ? done(fault(550, 'no such user here')) : done();
  },
  onData(stream, session, done) {
    const parts = [];
    stream.on('data', (part) => parts.push(part));
    stream.on('end', () => {
      say({
        from: session.envelope.mailFrom.address,
        to: session.envelope.rcptTo.map((one) => one.address),
        secure: session.secure,
        user: session.user || null,
        raw: Buffer.concat(parts).toString('latin1'),
      });
      if (answer === 'busy') { done(fault(451, 'try later')); }
      if (answer === 'accept') { done(null, 'queued'); }
    });
  },
});
server.on('error', (error) => { process.stderr.write(String(error.message) + '\n'); });
server.listen(Number(port), '127.0.0.1', () => say({ port: server.server.address().port }));

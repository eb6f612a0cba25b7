// Drives the published browser client, improv-wifi-serial-sdk, over a terminal. node improv-client.mjs PORT NODE_MODULES
// Prints one JSON object. The package is written for bundlers (imports without endings), so its files are copied with endings.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Readable, Writable } from 'node:stream';
import tty from 'node:tty';

const [, , port, modules] = process.argv;
const from = path.join(modules, 'improv-wifi-serial-sdk', 'dist');
const to = fs.mkdtempSync(path.join(os.tmpdir(), 'improv-'));
fs.mkdirSync(path.join(to, 'util'));
for (const name of ['serial', 'const', 'util/hex-formatter', 'util/to-hex']) {
  const text = fs.readFileSync(path.join(from, name + '.js'), 'utf8').replace(/from "(\.[^"]*?)(\.js)?";/g, 'from "$1.mjs";');
  fs.writeFileSync(path.join(to, name + '.mjs'), text);
}

const { ImprovSerial } = await import(path.join(to, 'serial.mjs'));
fs.rmSync(to, { recursive: true });
const silent = { log() {}, error() {}, debug() {} };
// A terminal's own streams: a plain file's read would keep a thread, and with it the process, for ever.
const client = new ImprovSerial({
  readable: Readable.toWeb(new tty.ReadStream(fs.openSync(port, 'r+'))),
  writable: Writable.toWeb(new tty.WriteStream(fs.openSync(port, 'r+'))),
}, silent);

const result = {};
result.info = { ...await client.initialize(5000) };
result.stateBefore = client.state;
result.networks = await client.scan(10000);
result.refused = await client.provision('Büro', 'notthepassword', 10000).then(() => 'joined', (error) => String(error));
await client.provision('Büro', 'mysecurepassword', 10000);
result.stateAfter = client.state;
result.nextUrl = client.nextUrl ?? null;
result.deviceName = await client.setDeviceName('Infostele Süd');
result.hostname = await client.setHostname('ulm-7');
result.badHostname = await client.setHostname('not a host').then(() => 'taken', (error) => String(error));
process.stdout.write(JSON.stringify(result));
process.exit(0);

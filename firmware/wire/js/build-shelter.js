// Prints shelter.js, the one codec to paste into a network server: node build-shelter.js > shelter.js
'use strict';
var fs = require('fs');
var path = require('path');

function part(name) {
  var text = fs.readFileSync(path.join(__dirname, name + '.js'), 'utf8');
  var start = text.indexOf('// part ' + name + '\n');
  var end = text.indexOf('// end ' + name + '\n');
  if (start < 0 || end < 0) { throw new Error(name + '.js lacks its part and end lines'); }
  return text.slice(start, end) + '\n';
}

process.stdout.write([
  '// All formats of a pod for the codec field of ChirpStack v4 and The Things Stack (ECMAScript 5.1).',
  '// Made from the files beside it by build-shelter.js; change those.',
  '',
  part('shelter-status-v1') + part('shelter-alarm-v1') + part('alarm-confirmation-v1') +
  'function decodeUplink(input) {',
  '  var refusal;',
  '  if (input.fPort === 1) {',
  '    refusal = refuseShelterStatusV1(input.bytes);',
  '    return refusal === null ? { data: readShelterStatusV1(input.bytes) } : { errors: [refusal] };',
  '  }',
  '  if (input.fPort === 2) {',
  '    refusal = refuseShelterAlarmV1(input.bytes);',
  '    return refusal === null ? { data: readShelterAlarmV1(input.bytes) } : { errors: [refusal] };',
  '  }',
  "  return { errors: ['port'] };",
  '}',
  '',
  'function normalizeUplink(input) {',
  "  return input.data.occupancy === undefined ? { errors: ['port'] } : { data: normalizeShelterStatusV1(input.data) };",
  '}',
  ''
].join('\n'));

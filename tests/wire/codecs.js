// Runs the network servers' codecs the way each server does. stdin: JSON lines {file, server, call, input}; stdout: JSON lines.
// chirpstack: QuickJS, the script evaluated with Buffer present, input with recvTime and variables; a thrown error or a
//   non-empty "errors" means refused, else "data" or "bytes" is taken.
// ttn: ES5.1 in an empty global scope, input without variables; "errors" means refused.
'use strict';
var fs = require('fs');
var vm = require('vm');
var folder = process.argv[2];
var scopes = {};

function scope(file, server) {
  var key = server + ' ' + file;
  if (!scopes[key]) {
    var context = vm.createContext(server === 'chirpstack' ? { Buffer: Buffer } : {});
    var text = fs.readFileSync(folder + '/' + file, 'utf8');
    // Strict mode as in a module; The Things Stack runs it sloppy.
    vm.runInContext(server === 'chirpstack' ? '"use strict";' + text : text, context, { filename: file });
    scopes[key] = context;
  }
  return scopes[key];
}

function run(line) {
  var request = JSON.parse(line);
  var context = scope(request.file, request.server);
  var input = request.input;
  var fields = { bytes: input.bytes, fPort: input.fPort, data: input.data };
  if (request.server === 'chirpstack') { fields.variables = {}; }
  context.input = vm.runInContext('(' + JSON.stringify(fields) + ')', context);
  context.input.recvTime = vm.runInContext('new Date(0)', context);
  var before = JSON.stringify(context.input);
  var output;
  try {
    output = vm.runInContext(request.call + '(input)', context);
  } catch (thrown) {
    return { thrown: String(thrown) };
  }
  if (JSON.stringify(context.input) !== before) { return { thrown: 'the codec changed its input' }; }
  return output.errors && output.errors.length ? { refusal: output.errors[0] } : { data: output.data, bytes: output.bytes, fPort: output.fPort };
}

process.stdout.write(fs.readFileSync(0, 'utf8').split('\n').filter(Boolean).map(function (line) {
  return JSON.stringify(run(line));
}).join('\n') + '\n');

// Alarm confirmation v1, downlink on FPort 11: ../formats/alarm-confirmation-v1.md. ECMAScript 5.1, no modules, no Buffer.
// The same text works as ChirpStack v4 codec and as The Things Stack payload formatter.

// part alarm-confirmation-v1
function refuseAlarmConfirmationV1(data) {
  var sequence = data ? data.sequence : undefined;
  return typeof sequence === 'number' && sequence >= 0 && sequence <= 65535 && Math.floor(sequence) === sequence ? null : 'sequence';
}

function writeAlarmConfirmationV1(data) {
  return [data.sequence >> 8, data.sequence & 255];
}

function readAlarmConfirmationV1(bytes) {
  return { sequence: (bytes[0] << 8) | bytes[1] };
}

function encodeDownlink(input) {
  var refusal = refuseAlarmConfirmationV1(input.data);
  return refusal === null ? { bytes: writeAlarmConfirmationV1(input.data), fPort: 11 } : { errors: [refusal] };
}

function decodeDownlink(input) {
  if (input.fPort !== 11) { return { errors: ['port'] }; }
  return input.bytes.length === 2 ? { data: readAlarmConfirmationV1(input.bytes) } : { errors: ['length'] };
}
// end alarm-confirmation-v1

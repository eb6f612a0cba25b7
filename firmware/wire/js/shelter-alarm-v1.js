// Shelter alarm v1, FPort 2: ../formats/shelter-alarm-v1.md. ECMAScript 5.1, no modules, no Buffer.
// The same text works as ChirpStack v4 codec and as The Things Stack payload formatter.

// part shelter-alarm-v1
var SHELTER_ALARM_V1_KIND = ['smoke', 'sos', 'cold', 'co2', 'heat', 'tamper'];

function refuseShelterAlarmV1(bytes) {
  if (bytes.length !== 4) { return 'length'; }
  var kind = SHELTER_ALARM_V1_KIND[bytes[0] >> 5];
  if (kind === undefined) { return 'kind'; }
  if ((bytes[0] & 15) !== 0) { return 'reserved'; }
  var most = kind === 'cold' || kind === 'heat' ? 125 : kind === 'co2' ? 250 : 0;
  return bytes[3] > most ? 'value' : null;
}

function readShelterAlarmV1(bytes) {
  var kind = SHELTER_ALARM_V1_KIND[bytes[0] >> 5];
  return {
    kind: kind,
    active: (bytes[0] & 16) !== 0,
    sequence: (bytes[1] << 8) | bytes[2],
    value: kind === 'cold' || kind === 'heat' ? bytes[3] - 40 : kind === 'co2' ? bytes[3] * 20 : 0
  };
}
// end shelter-alarm-v1

function decodeUplink(input) {
  if (input.fPort !== 2) { return { errors: ['port'] }; }
  var refusal = refuseShelterAlarmV1(input.bytes);
  return refusal === null ? { data: readShelterAlarmV1(input.bytes) } : { errors: [refusal] };
}

// Shelter status v1, FPort 1: ../formats/shelter-status-v1.md. ECMAScript 5.1, no modules, no Buffer.
// The same text works as ChirpStack v4 codec and as The Things Stack payload formatter.

// part shelter-status-v1
var SHELTER_STATUS_V1_OCCUPANCY = ['free', 'occupied', 'unknown'];
var SHELTER_STATUS_V1_REASON = ['starting', 'locked', 'motion', 'co2Rising', 'co2High', 'humidity', 'aired', 'settled',
  'disagree', 'sensorFault', 'doorLeftOpen', 'warmingUp'];

function refuseShelterStatusV1(bytes) {
  if (bytes.length !== 8) { return 'length'; }
  if ((bytes[0] >> 6) > 2) { return 'occupancy'; }
  if (((bytes[0] >> 2) & 15) > 11) { return 'reason'; }
  if ((bytes[1] & 3) !== 0) { return 'reserved'; }
  var air = (bytes[4] << 16) | (bytes[5] << 8) | bytes[6];
  if ((air >> 13) > 1250 && (air >> 13) !== 2047) { return 'temperature'; }
  if (((air >> 6) & 127) > 100 && ((air >> 6) & 127) !== 127) { return 'humidity'; }
  if ((air & 63) > 60 && (air & 63) !== 63) { return 'battery'; }
  if (bytes[7] > 250 && bytes[7] !== 255) { return 'co2'; }
  return null;
}

function readShelterStatusV1(bytes) {
  var air = (bytes[4] << 16) | (bytes[5] << 8) | bytes[6];
  var tenths = air >> 13;
  var percent = (air >> 6) & 127;
  var battery = air & 63;
  function bit(index, place) { return (bytes[index] & (1 << place)) !== 0; }
  return {
    occupancy: SHELTER_STATUS_V1_OCCUPANCY[bytes[0] >> 6],
    reason: SHELTER_STATUS_V1_REASON[(bytes[0] >> 2) & 15],
    confidence: bytes[0] & 3,
    doorOpen: bit(1, 7),
    locked: bit(1, 6),
    moved: bit(1, 5),
    smoke: bit(1, 4),
    sos: bit(1, 3),
    tamper: bit(1, 2),
    climateFault: bit(2, 7),
    co2Fault: bit(2, 6),
    doorLockFault: bit(2, 5),
    motionFault: bit(2, 4),
    ageMinutes: ((bytes[2] & 15) << 8) | bytes[3],
    temperatureCelsius: tenths === 2047 ? null : (tenths - 400) / 10,
    humidityPercent: percent === 127 ? null : percent,
    co2Ppm: bytes[7] === 255 ? null : bytes[7] * 20,
    batteryVolts: battery === 63 ? null : (40 + battery) / 20
  };
}

// What The Things Stack calls normalized: only what is known, in its units.
function normalizeShelterStatusV1(data) {
  var out = { air: { location: 'indoor' }, action: { motion: { detected: data.moved }, contactState: data.doorOpen ? 'open' : 'closed' } };
  if (data.temperatureCelsius !== null) { out.air.temperature = data.temperatureCelsius; }
  if (data.humidityPercent !== null) { out.air.relativeHumidity = data.humidityPercent; }
  if (data.co2Ppm !== null) { out.air.co2 = data.co2Ppm; }
  if (data.batteryVolts !== null) { out.battery = data.batteryVolts; }
  return out;
}
// end shelter-status-v1

function decodeUplink(input) {
  if (input.fPort !== 1) { return { errors: ['port'] }; }
  var refusal = refuseShelterStatusV1(input.bytes);
  return refusal === null ? { data: readShelterStatusV1(input.bytes) } : { errors: [refusal] };
}

function normalizeUplink(input) {
  return { data: normalizeShelterStatusV1(input.data) };
}

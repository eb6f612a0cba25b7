// mqtt.js against the embedded broker: every QoS, a resumed session, a will. argv: folder of mqtt.js, port or
// address, version, file with the authority of a TLS address. Prints what the test compares.
const mqtt = require(process.argv[2]);
const url = /^[0-9]+$/.test(process.argv[3]) ? `mqtt://127.0.0.1:${process.argv[3]}` : process.argv[3];
const version = Number(process.argv[4]);
const ca = process.argv[5] && require("fs").readFileSync(process.argv[5]);
const options = { protocolVersion: version, reconnectPeriod: 0, ca };
const lasting = { clientId: "js-sub", clean: false, properties: version === 5 ? { sessionExpiryInterval: 3600 } : undefined };

function once(client, event) {
  return new Promise((resolve, reject) => {
    client.once(event, (...args) => resolve(args));
    client.once("error", reject);
  });
}

async function main() {
  const subscriber = mqtt.connect(url, { ...options, ...lasting });
  await once(subscriber, "connect");
  const granted = await subscriber.subscribeAsync("a/#", { qos: 2 });
  console.log(`granted ${granted[0].qos}`);
  const publisher = mqtt.connect(url, { ...options, clientId: "js-pub" });
  await once(publisher, "connect");
  const bodies = ["null", "eins", "zwei"];
  for (let qos = 0; qos < 3; qos++) {
    const heard = once(subscriber, "message");
    await publisher.publishAsync(`a/${qos}`, bodies[qos], { qos });
    const [topic, body, packet] = await heard;
    console.log(`${topic} qos${packet.qos} ${body}`);
  }

  await subscriber.endAsync();
  await publisher.publishAsync("a/1", "missed", { qos: 1 });
  const resumed = mqtt.connect(url, { ...options, ...lasting });
  const waiting = once(resumed, "message");
  const [connack] = await once(resumed, "connect");
  console.log(`resumed ${connack.sessionPresent}`);
  const [topic, body, packet] = await waiting;
  console.log(`${topic} qos${packet.qos} ${body}`);

  await publisher.subscribeAsync("will");
  const will = once(publisher, "message");
  const mortal = mqtt.connect(url, { ...options, clientId: "js-mortal", will: { topic: "will", payload: "gone", qos: 1 } });
  await once(mortal, "connect");
  mortal.stream.destroy();
  const [willTopic, willBody] = await will;
  console.log(`${willTopic} ${willBody}`);
  await Promise.all([resumed.endAsync(), publisher.endAsync()]);
}

main().catch((error) => { console.error(error); process.exit(1); });

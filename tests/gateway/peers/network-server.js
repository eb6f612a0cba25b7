// A network server that behaves as ChirpStack 4.7 does (MQTT 5; $share for its commands unless CONNACK says no) and two screens on 3.1.1,
// all over TLS. argv: folder of mqtt.js, JSON { url, ca, server: [name, secret], screens: [[name, secret] …], uplink: [topic, body],
// hello: [hex …] }. Prints what each hears first, sorted.
const fs = require("fs");
const mqtt = require(process.argv[2]);
const given = JSON.parse(process.argv[3]);
const ca = fs.readFileSync(given.ca);

function connect([username, password], options) {
  return new Promise((resolve, reject) => {
    const client = mqtt.connect(given.url, { ca, reconnectPeriod: 0, username, password, ...options });
    client.once("connect", (connack) => resolve([client, connack]));
    client.once("error", reject);
  });
}


async function main() {
  const [server, connack] = await connect(given.server, { protocolVersion: 5, clean: true, clientId: "chirpstack-0123456789abcdef", properties: { sessionExpiryInterval: 0 } });
  const shared = connack.properties?.sharedSubscriptionAvailable ?? true;
  const commands = "application/+/device/+/command/+";
  await server.subscribeAsync(shared ? `$share/chirpstack/${commands}` : commands, { qos: 0 });
  const heard = [new Promise((resolve) => server.once("message", (topic, body) => resolve(`${topic} ${body}`)))];
  const clients = [server];
  for (const [index, screen] of given.screens.entries()) {
    const [client] = await connect(screen, { protocolVersion: 4, clean: true, clientId: screen[0] });
    await client.subscribeAsync(`quartier/v1/${screen[0]}/#`, { qos: 1 });
    heard.push(new Promise((resolve) => client.on("message", (topic) => topic.endsWith("/manifest") && resolve(topic))));
    await client.publishAsync(`quartier/v1/${screen[0]}/hello`, Buffer.from(given.hello[index], "hex"), { qos: 1 });
    clients.push(client);
  }

  await server.publishAsync(given.uplink[0], given.uplink[1], { qos: 0 });
  for (const line of (await Promise.all(heard)).sort()) {
    console.log(line);
  }

  await Promise.all(clients.map((client) => client.endAsync()));
}

main().catch((error) => { console.error(error); process.exit(1); });

// A client that behaves as ChirpStack 4.7 does (MQTT 5; $share for its commands unless CONNACK says no), and beside it two screens
// on 3.1.1. argv: folder of mqtt.js, port. Prints what the test compares; "ready" when the test may send its command.
const mqtt = require(process.argv[2]);
const url = `mqtt://127.0.0.1:${process.argv[3]}`;

function connect(options) {
  return new Promise((resolve, reject) => {
    const client = mqtt.connect(url, { reconnectPeriod: 0, ...options });
    client.once("connect", (connack) => resolve([client, connack]));
    client.once("error", reject);
  });
}

function message(client) {
  return new Promise((resolve) => client.once("message", (topic, body, packet) => resolve(`${topic} ${body} ${packet.properties?.contentType ?? "-"}`)));
}

async function main() {
  const [server, connack] = await connect({ protocolVersion: 5, clean: true, keepalive: 30, clientId: "chirpstack", properties: { sessionExpiryInterval: 0 } });
  const shared = connack.properties?.sharedSubscriptionAvailable ?? true;
  const commands = "application/+/device/+/command/+";
  const granted = await server.subscribeAsync(shared ? `$share/chirpstack/${commands}` : commands, { qos: 0 });
  console.log(`shared ${shared}, granted ${granted[0].topic} ${granted[0].qos}`);

  const screens = [];
  for (const name of ["screen-1", "screen-2"]) {
    const [screen] = await connect({ protocolVersion: 4, clean: true, clientId: name });
    await screen.subscribeAsync(`quartier/v1/${name}/#`, { qos: 1 });
    await screen.publishAsync(`quartier/v1/${name}/presence`, "on", { qos: 1, retain: true });
    screens.push(screen);
  }

  await server.publishAsync("application/a/device/70b3d57ed0000001/event/up", "{}", { qos: 0, properties: { contentType: "application/json" } });
  // Acknowledged, and so behind the one before it.
  await server.publishAsync("application/a/device/70b3d57ed0000001/event/status", "{}", { qos: 1 });
  const heard = [server, ...screens].map(message);
  console.log("ready");
  for (const line of await Promise.all(heard)) {
    console.log(line);
  }

  await Promise.all([server, ...screens].map((client) => client.endAsync()));
}

main().catch((error) => { console.error(error); process.exit(1); });

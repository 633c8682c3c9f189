import { subscribe } from "node:diagnostics_channel";
import { writeFileSync } from "node:fs";
import type { ClientRequest } from "node:http";
import { join, resolve } from "node:path";
import { systemClock } from "../../../lib/clock.ts";
import { startCloud } from "../../../local/cloud.ts";
import { listen } from "../../../local/gateway/gateway.ts";
import { printTemplate } from "../../../local/template/print.ts";
import { type Asked, writeAsked } from "../asked.ts";

/**
 * The local run without some of its functions, which run elsewhere or not at all: `cloud.ts FOLDER CONFIG PORT
 * FUNCTION…`. Writes the environment that functions need there to FOLDER/environment.json once everything is there, and four times a second
 * what was asked of the bus and the table (`readAsked`).
 */
const [folder = "", config = "", port = "", ...without] = process.argv.slice(2);
const root = resolve(import.meta.dirname, "../../..");
const gateway = await listen({ host: "127.0.0.1", port: Number(port) });
const printed = await printTemplate(root, join(root, "node_modules", ".cache", "rollcall"));
const functions = Object.fromEntries(
  Object.entries(printed.functions).filter(([name]) => !without.includes(name)),
);
const cloud = await startCloud({
  printed: { ...printed, functions },
  root,
  dataDir: join(folder, "data"),
  variables: {
    WHERE: "local",
    CONFIG_FILE: config,
    SETTINGS_FILE: "",
    KUBECONFIG_FILE: "",
    FOLLOW: "relay",
    DOOR_BYTES_PER_SECOND: "0",
  },
  clock: systemClock,
  random: Math.random,
  log: (line) => process.stderr.write(`${line}\n`),
});
gateway.open({ routes: cloud.template.routes, functions: cloud.functions, clock: systemClock });
const asked: Asked = { events: 0, writes: 0 };
const targetOf = (request: ClientRequest) => String(request.getHeader("x-amz-target") ?? "");
subscribe("http.client.request.start", (message) => {
  const { request } = message as { request: ClientRequest };
  if (/^DynamoDB_\w+\.(Put|Update|Delete|BatchWrite|TransactWrite)/.test(targetOf(request)))
    asked.writes += 1;
});
for (const queue of cloud.queues) {
  const send = queue.send.bind(queue);
  queue.send = (message) => {
    if (message.body.includes('"detail-type":"Target Group Changed"')) asked.events += 1;
    return send(message);
  };
}
writeAsked(folder, asked);
setInterval(() => writeAsked(folder, asked), 250);
cloud.startSchedules();
writeFileSync(join(folder, "environment.json"), JSON.stringify(process.env));

process.once("SIGTERM", async () => {
  setTimeout(() => process.exit(0), 5000).unref();
  cloud.stop();
  await gateway.close(1000);
  await cloud.close();
  process.exit(0);
});

import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { systemClock } from "../../../lib/clock.ts";
import { startCloud } from "../../../local/cloud.ts";
import { listen } from "../../../local/gateway/gateway.ts";
import { printTemplate } from "../../../local/template/print.ts";
import { tellAsked } from "../asked.ts";

/**
 * The local run without some of its functions, which run elsewhere or not at all: `cloud.ts FOLDER CONFIG PORT
 * FUNCTION…`. Writes the environment that functions need there to FOLDER/environment.json once everything is there, and tells what
 * was asked of the bus and the table (`readAsked`).
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
const asked = tellAsked(folder, "cloud");
for (const queue of cloud.queues) {
  const send = queue.send.bind(queue);
  queue.send = (message) => {
    if (message.body.includes('"detail-type":"Target Group Changed"')) asked.event();
    return send(message);
  };
}
cloud.startSchedules();
writeFileSync(join(folder, "environment.json"), JSON.stringify(process.env));

process.once("SIGTERM", async () => {
  setTimeout(() => process.exit(0), 5000).unref();
  cloud.stop();
  await gateway.close(1000);
  await cloud.close();
  process.exit(0);
});

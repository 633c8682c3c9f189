import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import * as z from "zod";
import { tellAsked } from "../asked.ts";

/**
 * Nothing but the relay function, slice after slice, as a warm Lambda would run it: `relay.ts ENVIRONMENT.json CLUSTER`. Tells what it
 * asked of the table beside that file (`readAsked`).
 */
const [environment = "", cluster = ""] = process.argv.slice(2);
Object.assign(
  process.env,
  z.record(z.string(), z.string()).parse(JSON.parse(readFileSync(environment, "utf8"))),
);
tellAsked(dirname(environment), "relay");
const { handler } = await import("../../../functions/relay.ts");

const slice = 900_000;
let isOver = false;
process.once("SIGTERM", () => {
  isOver = true;
  setTimeout(() => process.exit(0), 5000).unref();
});

while (!isOver) {
  const until = Date.now() + slice;
  const context = {
    awsRequestId: randomUUID(),
    getRemainingTimeInMillis: () => (isOver ? 0 : Math.max(0, until - Date.now())),
  };
  await handler({ "detail-type": "Relay Due", detail: { schema: 1, cluster } }, context);
  // A relay that has nothing to do comes back at once.
  await new Promise((done) => setTimeout(done, 200));
}
process.exit(0);

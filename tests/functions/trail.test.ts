import assert from "node:assert/strict";
import { describe, type Mock, mock, test } from "node:test";
import { isEmf, readEmf } from "../fakes/emf.ts";
import { batch } from "../fakes/events.ts";
import { enveloped, prepare, sentNow, served } from "./prepared.ts";
import { discoveryDueEvent, scheduled } from "./recorded.ts";

const variables = { WHERE: "cloud", SERVICE_NAME: "rollcall-test", LOG_LEVEL: "info", FOLLOW: "schedule" };
const { put, add } = await prepare(variables);

/** What the deployed handlers write as they would on AWS. */
const lines: string[] = [];
const take = (isOurs: (line: string) => boolean, stream: NodeJS.WriteStream): Mock<typeof stream.write> => {
  const write = stream.write.bind(stream);
  return mock.method(stream, "write", (text: string, ...rest: []) => {
    if (!isOurs(String(text))) return write(text, ...rest);
    lines.push(text);
    return true;
  });
};
take((line) => line.startsWith('{"level"'), process.stderr);
take(isEmf, process.stdout);

const context = (id: string) => ({ awsRequestId: id, getRemainingTimeInMillis: () => 60_000 });
const logged = () => lines.filter((line) => !isEmf(line)).map((line) => JSON.parse(line));
const metrics = () => lines.splice(0).filter(isEmf).map(readEmf);
const anyId = "0a5e7d9c-trail";

describe("a change's trail", () => {
  test("is one correlation id from the tick to the pool, and one identity from the look to the pool", async () => {
    const { handler: tick } = await import("../../functions/tick.ts");
    const { handler: discover } = await import("../../functions/discover.ts");
    const { handler: reduce } = await import("../../functions/reduce.ts");
    await tick(scheduled, context(anyId));
    const [due] = put.splice(0);
    await discover(discoveryDueEvent(JSON.parse(due?.Detail ?? "")), context("look"));
    const [changed] = put.splice(0);
    await reduce(sentNow(enveloped(changed!)), context("batch"));
    await reduce(sentNow(enveloped(changed!)), context("again"));

    const trail = logged().filter(({ correlation_id }) => correlation_id === anyId);
    assert.deepEqual(
      trail.map(({ function: name, message, function_request_id: id }) => `${name} ${id}: ${message}`),
      [
        `tick ${anyId}: configuration accepted`,
        `tick ${anyId}: looks ordered`,
        "discover look: announced",
        "discover look: looked",
        "reduce batch: applied",
        "reduce again: stale",
      ],
    );
    const { provider, source, epoch, sequence } = trail.find(({ message }) => message === "announced");
    const same = logged().filter(
      (line) =>
        line.provider === provider &&
        line.source === source &&
        line.epoch === epoch &&
        line.sequence === sequence,
    );
    assert.deepEqual(
      same.map(({ message, service }) => [message, service]),
      ["announced", "applied", "stale"].map((message) => [message, "rollcall-test"]),
    );
    assert.ok(provider && source && epoch && sequence);

    const told = metrics();
    assert.ok(told.every(({ service }) => service === "rollcall-test"));
    const [ticked, looked, applied, stale] = told.map((one) => one.metrics);
    assert.deepEqual(ticked, {
      ...{ StaleProviders: 0, FailingProviders: 0, GuardHeldProviders: 0, ClustersWithoutRelay: 0 },
      ...{ ReducerLagSeconds: 0, ConfigurationRefused: 0, ConfigurationMissing: 0, Targets: 0 },
    });
    assert.deepEqual(looked, { LookFailures: 0, EventsAnnounced: 1 });
    assert.deepEqual(applied, { ChangesApplied: 1, DeadLetters: 0 });
    assert.deepEqual(stale, { ChangesStale: 1, DeadLetters: 0 });
  });

  test("of what readers get, of what is refused, and of a broken configuration is measured", async () => {
    const { handler: tick } = await import("../../functions/tick.ts");
    const { handler: reduce } = await import("../../functions/reduce.ts");
    const [, body] = await served("sd/a", context("read"));
    const [status] = await served("sd/nobody", context("read too"));
    await reduce(batch("{"), context("letter"));
    add("prometheus.yml", "scrape_configs: [");
    await tick(scheduled, context("broken"));
    const [read, missed, letter, broken] = metrics().map((one) => one.metrics);
    assert.deepEqual(read, { ListsServed: 1, ListBytes: body.length, ListsRefused: 0 });
    assert.equal(status, 404);
    assert.deepEqual(missed, { ListsServed: 0, ListBytes: 0, ListsRefused: 0 });
    assert.deepEqual(letter, { DeadLetters: 1 });
    assert.deepEqual([broken?.ConfigurationRefused, broken?.ConfigurationMissing], [1, 0]);
    assert.equal(broken?.Targets, 1);
  });
});

import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, type Mock, mock, test } from "node:test";
import { createMeter } from "../../lib/meter.ts";
import { isEmf, readEmf } from "../fakes/emf.ts";

describe("the meter", () => {
  let lines: string[] = [];
  let writing: Mock<typeof process.stdout.write>;
  beforeEach(() => {
    lines = [];
    const write = process.stdout.write.bind(process.stdout);
    writing = mock.method(process.stdout, "write", (text: string, ...rest: []) => {
      if (!isEmf(String(text))) return write(text, ...rest);
      lines.push(text);
      return true;
    });
  });
  afterEach(() => writing.mock.restore());

  test("adds up, and tells it once in a document that CloudWatch takes", () => {
    const meter = createMeter({ where: "cloud", serviceName: "rollcall-prod" });
    for (let list = 0; list < 250; list += 1) meter.add("ListBytes", 1000);
    meter.add("ListsServed", 250);
    meter.add("ListsRefused", 0);
    meter.flush();
    meter.flush();
    assert.equal(lines.length, 1);
    assert.deepEqual(readEmf(lines[0]!), {
      namespace: "Rollcall",
      dimensions: [["service"]],
      service: "rollcall-prod",
      metrics: { ListBytes: 250_000, ListsServed: 250, ListsRefused: 0 },
    });
  });

  test("begins anew after it has told", () => {
    const meter = createMeter({ where: "cloud", serviceName: "s" });
    for (const value of [3, 4]) {
      meter.add("EventsAnnounced", value);
      meter.flush();
    }
    assert.deepEqual(
      lines.map((line) => readEmf(line).metrics),
      [{ EventsAnnounced: 3 }, { EventsAnnounced: 4 }],
    );
  });

  test("tells nothing on one machine, and nothing when there is nothing", () => {
    const local = createMeter({ where: "local", serviceName: "s" });
    local.add("Targets", 1);
    local.flush();
    createMeter({ where: "cloud", serviceName: "s" }).flush();
    assert.deepEqual(lines, []);
  });
});

test("a document that CloudWatch would drop is seen as such", () => {
  const good = {
    Namespace: "Rollcall",
    Dimensions: [["service"]],
    Metrics: [{ Name: "Targets", Unit: "Count" }],
  };
  const document = (change: object, root: object = { service: "s", Targets: 1 }) =>
    JSON.stringify({ _aws: { Timestamp: 1, CloudWatchMetrics: [{ ...good, ...change }] }, ...root });
  assert.deepEqual(readEmf(document({})).metrics, { Targets: 1 });
  assert.throws(() => readEmf(document({}, { service: "s" })), /Targets is no number/);
  assert.throws(() => readEmf(document({}, { Targets: 1 })), /service is no text/);
  assert.throws(() => readEmf(document({ Metrics: [{ Name: "Targets", Unit: "Bytes" }] })), /is in Bytes/);
  assert.throws(() => readEmf(document({ Dimensions: [] })));
});

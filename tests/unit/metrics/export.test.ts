import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createLog } from "../../../lib/log.ts";
import { exportBatch, type SinkStates } from "../../../lib/metrics/export.ts";
import type { Sink } from "../../../lib/metrics/sink.ts";
import { sinkState } from "../../fakes/cycles.ts";
import { batchOf } from "./batches.ts";

const world = () => {
  const lines: string[] = [];
  const alarms: (() => void)[] = [];
  return {
    lines,
    ring: () => {
      for (const alarm of alarms) alarm();
    },
    log: createLog({ level: "info", write: (line) => lines.push(JSON.parse(line).message) }),
    timeout: 20_000,
    clock: {
      now: () => 0,
      after: (_: number, run: () => void) => {
        alarms.push(run);
        return () => alarms.splice(alarms.indexOf(run), 1);
      },
    },
  };
};

const good: Sink = { name: "good", export: async () => {} };
const bad: Sink = {
  name: "bad",
  export: () => Promise.reject(new Error("http://127.0.0.1:1/write: refused")),
};

describe("an export", () => {
  test("reaches every sink, whoever of them fails", async () => {
    const states = await exportBatch(batchOf({}), { sinks: [bad, good], ...world() });
    assert.deepEqual(states, {
      bad: {
        exported: 0,
        dropped: 1,
        took: 0,
        tookInAll: 0,
        lastAt: 0,
        failing: "http://127.0.0.1:1/write: refused",
      },
      good: { exported: 1, dropped: 0, took: 0, tookInAll: 0, lastAt: 0 },
    });
  });

  test("does not wait for a sink that is late, and tells it so", async () => {
    let told: unknown;
    const stuck: Sink = {
      name: "stuck",
      export: (_, signal) =>
        new Promise(() => signal.addEventListener("abort", () => (told = signal.reason))),
    };
    const parts = world();
    let others = 0;
    const other: Sink = {
      name: "other",
      export: async () => {
        others += 1;
      },
    };
    const exporting = exportBatch(batchOf({}), { sinks: [stuck, other], ...parts });
    assert.equal(others, 1);
    parts.ring();
    const { stuck: state } = await exporting;
    assert.equal(state?.failing, "not done after 20000 ms");
    assert.match(String(told), /not done after/);
  });

  test("logs a sink's failure and return once, and counts what was lost", async () => {
    const parts = world();
    let states: SinkStates = {};
    const cycle = async (sink: Sink) => {
      states = await exportBatch(batchOf({}), { sinks: [{ ...sink, name: "influxdb" }], ...parts }, states);
    };
    for (const sink of [good, bad, bad, bad, good, good]) await cycle(sink);
    assert.deepEqual(parts.lines, [
      "a metrics sink fails; its batches are lost until it is back",
      "a metrics sink is back",
    ]);
    assert.deepEqual(states.influxdb, sinkState({ exported: 3, dropped: 3 }));
  });
});

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { growthOf, overgrown, unmeasured } from "../../e2e/soak/growth.ts";

/** Half an hour of samples, each ten seconds; `perHour` is what each thing grows. */
const samples = (perHour: { heap?: number; files?: number }, minutes = 30) =>
  Array.from({ length: minutes * 6 }, (_, at) => {
    const hours = at / 360;
    return {
      pid: 1,
      at: at * 10_000,
      resident: 200e6,
      ...{ table: 20e6, own: 150e6, reserved: 90e6 },
      heap: 60e6 + (at % 5) * 1e6 + hours * (perHour.heap ?? 0) * 1e6,
      files: 40 + (at % 3) + Math.round(hours * (perHour.files ?? 0)),
    };
  });

describe("growth", () => {
  test("of what only goes up and down is no violation", () => {
    const measured = growthOf(samples({}));
    assert.deepEqual(overgrown(measured), []);
    assert.equal(measured?.seconds, 1790);
    assert.ok(Math.abs(measured?.heap.perHour ?? 99) < 1);
  });

  test("of the heap and of open files beyond what is allowed is told", () => {
    const said = overgrown(growthOf(samples({ heap: 30, files: 60 })));
    assert.match(said[0] ?? "", /^heap grew by (29|30|31)/);
    assert.match(said[1] ?? "", /^files grew by/);
    assert.equal(said.length, 2);
  });

  test("that levels off is told from growth that goes on", () => {
    const levelled = samples({ heap: 30 }, 90).map((sample) => ({
      ...sample,
      heap: Math.min(sample.heap, 75e6),
    }));
    const measured = growthOf(levelled);
    assert.ok((measured?.heap.perHour ?? 0) > 4);
    assert.ok(Math.abs(measured?.heap.later ?? 99) < 1);
    assert.ok((growthOf(samples({ heap: 30 }))?.heap.later ?? 0) > 25);
  });

  test("of the second half alone is told of a life that is long enough", () => {
    const late = samples({}, 60).map((sample, at) => {
      return { ...sample, own: sample.own + Math.max(0, at - 180) * 0.25e6 };
    });
    const measured = growthOf(late);
    assert.ok((measured?.own.perHour ?? 99) < 60);
    assert.match(overgrown(measured)[0] ?? "", /^own grew by 90 /);
    assert.deepEqual(overgrown(measured && { ...measured, seconds: 2_000 }), []);
  });

  test("is not told of a life in which all is still growing to its size", () => {
    assert.equal(growthOf(samples({ heap: 300 }, 19)), undefined);
    assert.notEqual(growthOf(samples({ heap: 300 }, 21)), undefined);
    assert.equal(growthOf([]), undefined);
  });

  test("is not told of samples that came too seldom", () => {
    const seldom = samples({}).filter((_, at) => at % 4 === 0);
    assert.equal(growthOf(seldom), undefined);
    assert.notEqual(growthOf(samples({}).filter((_, at) => at % 2 === 0)), undefined);
  });

  test("that an hour did not measure is a violation", () => {
    const measured = growthOf(samples({}));
    const of = (seconds: number, only?: string) =>
      unmeasured({ seconds, ...(only && { only }), measured: undefined });
    assert.match(of(3_600)[0] ?? "", /^memory and open files were told too seldom/);
    assert.deepEqual([of(600), of(3_600, "killed")], [[], []]);
    assert.deepEqual(unmeasured({ seconds: 3_600, measured }), []);
  });
});

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { east, groupOf, serveWorld } from "./world.ts";

/** A small program, whose automaton has more states than there are letters in a library. */
const hostile = '{note=~"(?:a|b)*a(?:a|b){90}"}';
const yaml = `
scrape_configs:
- job_name: pods
  relabel_configs: [{source_labels: [note], target_label: note}]
`;

/** Letters by the bits of a number that never repeats in small. */
const noteOf = (index: number, length: number) =>
  Array.from({ length }, (_, at) => (((index + 1) * 2_654_435_761 + at * at * 40_503) & 64 ? "a" : "b")).join(
    "",
  );

const filled = async (targets: number, length: number) => {
  const world = await serveWorld({ yaml, providers: [east] });
  await world.apply(
    east.id,
    ...Array.from({ length: targets }, (_, index) =>
      groupOf(`pod/${index}`, [{ __address__: `a:${index}`, note: noteOf(index, length) }]),
    ),
  );
  return world;
};

const questions = [
  `sd/pods?match[]=${encodeURIComponent(hostile)}`,
  `sd/pods?relabel=true&match[]=${encodeURIComponent(hostile)}`,
  `api/v1/search?match[]=${encodeURIComponent(hostile)}`,
  `api/v1/explain?object=${encodeURIComponent(hostile)}`,
];

describe("a question with a costly selector", () => {
  for (const question of questions) {
    test(`lets others be answered meanwhile: ${question.slice(0, 30)}`, async () => {
      const world = await filled(600, 60);
      // What is not the selector's work is done.
      await world.get(question.replace(encodeURIComponent(hostile), encodeURIComponent('{a="b"}')));
      const order: string[] = [];
      const asked = world.get(question).then(({ statusCode }) => order.push(`question ${statusCode}`));
      while (!order.some((one) => one.startsWith("question"))) {
        await turn();
        order.push(`healthy ${(await world.get("-/healthy")).statusCode}`);
      }
      await asked;
      const before = order.findIndex((one) => one.startsWith("question"));
      assert.ok(before >= 3, order.join());
      assert.match(order[before] ?? "", /200|422/);
    });

    test(`is refused where it would never end: ${question.slice(0, 30)}`, async () => {
      const world = await filled(2, 60_000);
      const { statusCode, json } = await world.get(question);
      assert.equal(statusCode, 422);
      assert.equal(json.errorType, "execution");
      assert.match(json.error, /a value of 60000 characters is too long for this regular expression; take/);
    });
  }

  test("is worked out once for many who ask it at the same time", async () => {
    const world = await filled(200, 20);
    const question = questions[0] ?? "";
    const answers = await Promise.all(Array.from({ length: 20 }, () => world.get(question)));
    assert.equal(new Set(answers.map(({ body }) => body)).size, 1);
  });
});

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createPopulator } from "../../../lib/relabel/populate.ts";
import { jobOf } from "./rules.ts";

const address = { __address__: "a:1" };

// What a static group can show is in tests/golden/relabel; here is what it cannot.
describe("a target's labels", () => {
  test("hide those of its group, an empty one too", () => {
    const { discovered } = createPopulator(jobOf());
    const labels = discovered({ ...address, x: "own", y: "" }, { x: "group", y: "group", z: "group" });
    assert.deepEqual(
      ["x", "y", "z"].map((name) => labels.get(name)),
      ["own", undefined, "group"],
    );
  });

  test("that are empty get the job's defaults", () => {
    const { discovered } = createPopulator(jobOf("params: { p: [one, two] }"));
    const labels = discovered({ ...address, job: "", __param_p: "" }, { __scheme__: "" });
    assert.deepEqual(
      ["job", "__param_p", "__scheme__"].map((name) => labels.get(name)),
      ["j", "one", "http"],
    );
  });

  test("are discovered with every default of today's Prometheus, sorted", () => {
    const job = jobOf("scrape_native_histograms: true\nscrape_interval: 90s");
    assert.deepEqual(
      [...createPopulator(job).discovered(address, {})],
      [
        ["__address__", "a:1"],
        ["__always_scrape_classic_histograms__", "false"],
        ["__convert_classic_histograms_to_nhcb__", "false"],
        ["__metrics_path__", "/metrics"],
        ["__scheme__", "http"],
        ["__scrape_interval__", "1m30s"],
        ["__scrape_native_histograms__", "true"],
        ["__scrape_timeout__", "10s"],
        ["job", "j"],
      ],
    );
  });

  test("keep what begins with __ inside, but no meta labels", () => {
    const populated = createPopulator(jobOf()).populate({ ...address, __tmp: "1", __meta_x: "2" }, {});
    assert.ok(populated.state === "active");
    assert.deepEqual([populated.labels.get("__tmp"), populated.labels.has("__meta_x")], ["1", false]);
  });

  test("tell which rule dropped the target", () => {
    const job = jobOf("relabel_configs: [{ target_label: a, replacement: b }, { action: drop, regex: '' }]");
    assert.deepEqual(createPopulator(job).populate(address, {}), { state: "dropped", rule: 1 });
  });

  const histograms = {
    __convert_classic_histograms_to_nhcb__: "convert classic histograms to nhcb",
    __always_scrape_classic_histograms__: "always scrape classic histograms",
    __scrape_native_histograms__: "scrape native histograms",
  };
  for (const [name, words] of Object.entries(histograms)) {
    test(`need a Go boolean in ${name}, if anything`, () => {
      const withValue = (value: string) =>
        createPopulator(jobOf()).populate({ ...address, [name]: value }, {});
      assert.deepEqual(withValue("maybe"), {
        state: "failed",
        error: `error parsing ${words}: strconv.ParseBool: parsing "maybe": invalid syntax`,
      });
      for (const good of ["1", "t", "TRUE", "0", "False", ""]) assert.equal(withValue(good).state, "active");
      assert.equal(withValue("yes").state, "failed");
    });
  }

  test("without histogram labels are fine: a rule may take them away", () => {
    const job = jobOf("relabel_configs: [{ action: labeldrop, regex: '.*_histograms.*' }]");
    assert.equal(createPopulator(job).populate(address, {}).state, "active");
  });

  test("come out the same whoever was populated before", () => {
    const { populate } = createPopulator(jobOf("relabel_configs: [{ source_labels: [x], target_label: y }]"));
    const first = populate({ ...address, x: "1" }, {});
    const second = populate(address, {});
    assert.ok(first.state === "active" && second.state === "active");
    assert.deepEqual([first.labels.get("y"), second.labels.get("y")], ["1", undefined]);
  });

  test("go through the rules step by step as they are discovered", () => {
    const { steps } = createPopulator(jobOf("relabel_configs: [{ source_labels: [job], target_label: y }]"));
    assert.equal(steps(address, { z: "1" })[0]?.after.get("y"), "j");
  });
});

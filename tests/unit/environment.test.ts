import assert from "node:assert/strict";
import { test } from "node:test";
import { readEnvironment } from "../../lib/environment.ts";

const good = {
  TABLE_NAME: "t",
  BUS_NAME: "b",
  DEAD_LETTER_URL: "http://127.0.0.1:1/q",
  CONFIG_FILE: "prometheus.yml",
};

test("the environment has defaults for what may be left out", () => {
  const read = readEnvironment({ ...good, SETTINGS_FILE: "" });
  assert.deepEqual([read.logLevel, read.settingsFile, read.inCluster], ["info", undefined, false]);
  assert.equal(read.follow, "schedule");
  assert.equal(read.where, "cloud");
});

test("every bad variable is named at once, with what is allowed", () => {
  assert.throws(
    () =>
      readEnvironment({
        ...good,
        TABLE_NAME: undefined,
        DEAD_LETTER_URL: "x",
        LOG_LEVEL: "loud",
        FOLLOW: "us",
        RELAY_TARGETS: "-1",
      }),
    (error: Error) => {
      assert.match(error.message, /TABLE_NAME is required/);
      assert.match(error.message, /DEAD_LETTER_URL must be an http or https URL/);
      assert.match(error.message, /FOLLOW must be one of relay, schedule/);
      assert.match(error.message, /LOG_LEVEL must be one of debug, info, warn, error/);
      assert.match(error.message, /RELAY_TARGETS must be a whole number of targets/);
      return true;
    },
  );
});

test("a mounted service account shows as being in a cluster", () => {
  assert.equal(readEnvironment({ ...good, KUBERNETES_SERVICE_HOST: "10.0.0.1" }).inCluster, true);
});

test("waiting for changes is off and the door has no limit unless told, and neither takes nonsense", () => {
  const plain = readEnvironment(good);
  assert.deepEqual([plain.longPollSeconds, plain.doorBytesPerSecond], [0, 0]);
  const set = readEnvironment({ ...good, LONG_POLL_SECONDS: "25", DOOR_BYTES_PER_SECOND: "2000000" });
  assert.deepEqual([set.longPollSeconds, set.doorBytesPerSecond], [25, 2_000_000]);
  for (const bad of ["26", "-1", "1.5", "x"]) {
    assert.throws(
      () => readEnvironment({ ...good, LONG_POLL_SECONDS: bad, DOOR_BYTES_PER_SECOND: "-1" }),
      /LONG_POLL_SECONDS must be a whole number of seconds from 0 to 25; DOOR_BYTES_PER_SECOND must be a whole number/,
    );
  }
});

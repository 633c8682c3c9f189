import assert from "node:assert/strict";
import { test } from "node:test";
import { cpuSeconds, peakMegabytes, residentMegabytes } from "../../../bench/support/memory.ts";

test("a process's CPU seconds and memory are what the kernel and Node say of them", () => {
  const until = process.cpuUsage().user + 50_000;
  while (process.cpuUsage().user < until);
  const { user, system } = process.cpuUsage();
  assert.ok(Math.abs(cpuSeconds(process.pid) - (user + system) / 1e6) < 0.1);
  const resident = process.memoryUsage.rss() / 2 ** 20;
  assert.ok(Math.abs(residentMegabytes(process.pid) - resident) < 20);
  assert.ok(peakMegabytes(process.pid) + 1 >= resident - 20);
});

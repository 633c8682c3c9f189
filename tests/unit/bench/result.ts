import type { Figure } from "../../../bench/support/figure.ts";
import type { Result } from "../../../bench/support/result.ts";

/** A result of these figures, made up. */
export const resultOf = (...figures: readonly Figure[]): Result => ({
  bench: "road",
  says: "The road, tried.",
  machine: { cores: 2, cpu: "A processor", memoryGiB: 24, node: "v24.0.0", kernel: "6.1.0" },
  commit: "0123456789",
  date: "2026-01-02",
  load: 0.1,
  minutes: 3,
  figures: [...figures],
});

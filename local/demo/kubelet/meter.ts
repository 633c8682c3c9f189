import type { LoadPlan } from "../catalogue.ts";

/** The counters of one container, or of what is counted like one. */
export interface Meter {
  /** When it began to count; Unix milliseconds, as `at`. */
  readonly startedAt: number;
  /** How far along its daily wave it is before the others, in days. */
  readonly ahead: number;
  /** When it was last run. */
  at: number;
  /** Of CPU time. */
  nanoseconds: number;
  /** Thousandths of a core at the moment. */
  rate: number;
  /** Page faults. */
  faults: number;
  /** Bytes. */
  workingSet: number;
  cache: number;
  written: number;
  /** What is out of the ordinary at the moment, around 0. */
  noise: number;
}

export const newMeter = (startedAt: number, at: number): Meter => ({
  startedAt,
  ahead: ((startedAt / 1000) % 97) / 970,
  at,
  nanoseconds: 0,
  rate: 0,
  faults: 0,
  workingSet: 0,
  cache: 0,
  written: 0,
  noise: 0,
});

interface Grown {
  readonly nanoseconds: number;
  readonly faults: number;
  /** Bytes. */
  readonly received: number;
}

/** Lets time pass for a meter, by the load of a usual day; says what came to its counters. */
export const run = (
  meter: Meter,
  load: LoadPlan,
  { now, random }: { now: number; random: () => number },
): Grown => {
  const passed = now - meter.at;
  if (passed <= 0) return { nanoseconds: 0, faults: 0, received: 0 };
  meter.noise = 0.7 * meter.noise + 0.3 * (random() - 0.5);
  const busy = dayShare((meter.at + now) / 2 / day + meter.ahead) * (1 + meter.noise);
  meter.at = now;
  meter.rate = Math.min(2 * load.cpu, load.cpu * busy);
  const grown = {
    nanoseconds: Math.round(meter.rate * passed * 1000),
    faults: Math.round(load.memory * busy * (passed / 1000)),
    received: Math.round((load.traffic ?? 0) * busy * passed),
  };
  meter.nanoseconds += grown.nanoseconds;
  meter.faults += grown.faults;
  fill(meter, load, { busy, passed });
  return grown;
};

/** Milliseconds; a real day would show nothing in a quarter of an hour. */
const day = 12 * 60_000;

/** From quiet nights to busy evenings, 1 on average, with a smaller wave on the larger one. */
const dayShare = (at: number) => 1 + 0.45 * Math.sin(2 * Math.PI * at) + 0.12 * Math.sin(14 * Math.PI * at);

/** Memory is quick to grow and slow to shrink, and what was written to disk stays. */
const fill = (
  meter: Meter,
  { memory, cpu }: LoadPlan,
  { busy, passed }: { busy: number; passed: number },
) => {
  const wanted = memory * mebi * (0.75 + 0.25 * busy);
  const share = 1 - Math.exp(-passed / (wanted > meter.workingSet ? 20_000 : 180_000));
  meter.workingSet += Math.round((wanted - meter.workingSet) * share);
  meter.cache += Math.round((0.2 * memory * mebi - meter.cache) * share);
  meter.written += Math.round(cpu * busy * (passed / 50));
};

const mebi = 1024 * 1024;

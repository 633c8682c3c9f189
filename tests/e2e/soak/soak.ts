import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { randomFrom } from "../crash/random.ts";
import { attend } from "./attend.ts";
import { aftermath } from "./blame.ts";
import { deckOf } from "./deck.ts";
import type { FaultKind, Stage } from "./fault.ts";
import { faultKinds } from "./faults.ts";
import { lineOf, type Run, type SoakOptions } from "./history.ts";
import { createLetters } from "./letters.ts";
import { reportOf } from "./outcome.ts";
import { createReloads } from "./reloads.ts";
import type { SoakReport } from "./report.ts";
import { settle } from "./settle.ts";
import { createWitness } from "./witness.ts";
import { startWorld, type World } from "./world.ts";

/** Lets one thing after the other go wrong while both clusters change, and then holds the program to its promises. */
export const soak = async (options: SoakOptions): Promise<SoakReport> => {
  const { seconds, seed, pace, say } = options;
  const isShort = seconds < 600;
  const began = new Date();
  const world = await startWorld({ seed, pace, vitals: isShort ? 5_000 : 10_000 });
  const witness = createWitness([world.followed, world.looked]);
  const reloads = createReloads();
  const attendants = attend(world, { witness, reloads });
  const letters = createLetters(world.door.environment);
  say(`seed ${seed}`);
  const run: Run = { ...options, world, witness, reloads, letters, befallen: [], failures: [] };
  try {
    await goWrong(run);
    const left = await settle(run, isShort);
    attendants.stop();
    await attendants.ended;
    const taken = await letters.drain().catch((error: unknown) => {
      run.failures.push(`the letters could not be read: ${String(error)}`);
      return [];
    });
    return reportOf(run, { began, left, taken });
  } finally {
    attendants.stop();
    await attendants.ended.finally(() => world.close());
    say(`seed ${seed}`);
  }
};

/** In the first third every fourth fault ends the program; then it lives on, so that its memory can be told. */
const goWrong = async (run: Run) => {
  const random = randomFrom(run.seed);
  const stage = stageOf(run, random);
  const begin = Date.now();
  const end = begin + 1000 * run.seconds;
  const before = changesOf(run.world);
  const kinds = faultKinds.filter(({ name }) => name.includes(run.only ?? ""));
  const [ends, others] = [kinds.filter(isEnd), kinds.filter((kind) => !isEnd(kind))];
  const [endings, deck] = [deckOf(ends, random), deckOf(others, random)];
  for (let turn = 0; Date.now() < end; turn += 1) {
    const isLate = Date.now() > begin + (end - begin) / 3;
    if (isLate) run.measuredFrom ??= Date.now();
    const mayEnd = ends.length > 0 && (!isLate || others.length === 0);
    const kind = mayEnd && (turn % 4 === 0 || others.length === 0) ? endings.next().value : deck.next().value;
    await befall(kind, stage, run);
    await sleep(random() * 1_000);
  }
  run.perSecond = ((changesOf(run.world) - before) * 1000) / (Date.now() - begin);
};

/** Of both clusters. */
const changesOf = ({ followed, looked }: World) => followed.churn.changes() + looked.churn.changes();

const isEnd = ({ where }: FaultKind) => where === "program";

const stageOf = ({ world, letters, seconds }: Run, random: () => number): Stage => ({
  random,
  letters,
  length: () => 400 + random() * Math.min(6_000, seconds * 10),
  ...{
    door: world.door,
    followed: world.followed,
    looked: world.looked,
    files: world.files,
    restart: world.restart,
  },
  program: () => {
    const running = world.program();
    assert.ok(running, "the program is away");
    return running;
  },
});

const befall = async (kind: FaultKind, stage: Stage, run: Run) => {
  const from = Date.now();
  let hit = 0;
  try {
    hit = await kind.befall(stage);
  } catch (error) {
    run.failures.push(`${kind.where}: ${kind.name}: ${lineOf(error)}`);
  }
  const until = Date.now();
  run.befallen.push({ kind, from, until, hit });
  await recovered(run, until + Math.min(aftermath(kind) / 3, run.seconds * 20));
  const [took, after] = [until - from, Date.now() - until].map((time) => `${(time / 1000).toFixed(1)} s`);
  const late = run.witness.behind().map(({ job, source }) => `${job} ${source}`);
  const some = late.length === 0 ? "" : ` (${late.slice(0, 3).join(", ")})`;
  run.say(
    `${kind.where}: ${kind.name}: ${took}, hit ${hit}; after ${after} ${late.length} sources are late${some}`,
  );
};

/** So that the next fault is not blamed for this one: until lists are right, or for a while. */
const recovered = async ({ world, witness }: Run, latest: number) => {
  do await sleep(500);
  while (Date.now() < latest && (world.program() === undefined || witness.behind().length > 0));
};

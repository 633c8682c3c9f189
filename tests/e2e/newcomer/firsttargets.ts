import assert from "node:assert/strict";
import { eventually } from "../eventually.ts";
import type { Program } from "../process.ts";
import type { Machine } from "./machine.ts";

/** What `npm start` came to, in seconds since it was typed. */
export interface FirstTargets {
  readonly program: Program;
  readonly url: string;
  /** Until every package was there. */
  readonly installed: number;
  /** Until it said where the target lists are. */
  readonly greeted: number;
  /** Until each of these lists had a target. */
  readonly listed: number;
}

/** Types `npm start` in a clone, with the port it listens on behind it, and waits until every list it names has targets. */
export const firstTargets = async (machine: Machine, port: number): Promise<FirstTargets> => {
  const began = performance.now();
  const since = () => (performance.now() - began) / 1000;
  const program = machine.start(`exec npm start -- --listen 127.0.0.1:${port}`);
  const running = () => assert.equal(program.exit(), undefined, program.output());
  try {
    // npm says what it runs once what it ran before, the installing, has ended.
    const installed = await until(600, since, () => {
      running();
      assert.match(program.output(), /^> .*local\/main\.ts/m);
    });
    const greeted = await until(120, since, () => {
      running();
      assert.notEqual(listsIn(program.output()).length, 0, program.output());
    });
    const listed = await until(120, since, async () => {
      running();
      for (const list of listsIn(program.output())) assert.notEqual((await targetsOf(list)).length, 0, list);
    });
    return { program, url: `http://127.0.0.1:${port}`, installed, greeted, listed };
  } catch (error) {
    await program.stop();
    throw error;
  }
};

const until = async (seconds: number, since: () => number, check: () => Promise<void> | void) => {
  await eventually("npm start goes on", seconds, check);
  return since();
};

/** The addresses of target lists in what `npm start` prints. */
export const listsIn = (text: string): string[] => text.match(/http:\/\/\S+\/sd\/\S+/g) ?? [];

const targetsOf = async (list: string): Promise<unknown[]> => {
  const answer = await fetch(list);
  assert.equal(answer.status, 200, list);
  const groups: unknown = await answer.json();
  assert.ok(Array.isArray(groups));
  return groups;
};

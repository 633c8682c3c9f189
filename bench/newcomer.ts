import { temporaryFolder } from "../tests/e2e/folder.ts";
import { firstTargets } from "../tests/e2e/newcomer/firsttargets.ts";
import { newMachine } from "../tests/e2e/newcomer/machine.ts";
import { freePort } from "../tests/e2e/ports.ts";
import type { About, Figure } from "./support/figure.ts";

export const about: About = {
  says: "From nothing to targets on a bare machine: git clone, npm start, every package anew from the registry.",
  minutes: 2,
};

/** Once: what takes the time is the registry, and it is asked for everything. The clone is of the last commit, from this disk. */
export const bench = async (): Promise<Figure[]> => {
  const folder = temporaryFolder("newcomer");
  try {
    const machine = newMachine(folder.path);
    const { program, installed, greeted, listed } = await firstTargets(machine, await freePort());
    await program.stop();
    const after = (name: string, seconds: number): Figure => ({ name, unit: "s", ours: seconds });
    return [
      after("cloned", machine.cloned),
      after("npm start until all packages are there", installed),
      after("npm start until it says where the lists are", greeted),
      after("npm start until every list has targets", listed),
    ];
  } finally {
    folder.remove();
  }
};

import type { Befallen } from "../../e2e/soak/blame.ts";
import type { FaultKind } from "../../e2e/soak/fault.ts";

export const kind = (name: string, where: FaultKind["where"]): FaultKind => ({
  ...{ name, where, promises: [5] },
  befall: async () => 1,
});

/** One time that something went wrong there. Seconds. */
export const befallen = (where: FaultKind["where"], from: number, until: number): Befallen => ({
  ...{ kind: kind("made up", where), from: from * 1000, until: until * 1000, hit: 1 },
});

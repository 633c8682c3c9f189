import { apiFaults } from "./apifaults.ts";
import { awsFaults } from "./awsfaults.ts";
import { deckOf } from "./deck.ts";
import type { FaultKind, Place } from "./fault.ts";
import { guardFaults } from "./guardfaults.ts";
import { programFaults } from "./programfaults.ts";

const several: FaultKind = {
  name: "three of the bus's, the table's and the API server's at once",
  where: "several",
  promises: [1, 2, 3, 5],
  befall: async (stage) => {
    const deck = deckOf([...apiFaults, ...awsFaults], stage.random);
    const three = [deck.next().value, deck.next().value, deck.next().value];
    const hits = await Promise.all(three.map(({ befall }) => befall(stage)));
    return hits.reduce((sum, hit) => sum + hit, 0);
  },
};

export const faultKinds: readonly FaultKind[] = [
  ...apiFaults,
  ...guardFaults,
  ...awsFaults,
  ...programFaults,
  several,
];

const kindOf = (where: Place, name: string): FaultKind => {
  const found = faultKinds.find((kind) => kind.where === where && kind.name === name);
  if (found === undefined) throw new Error(`there is no fault ${where}: ${name}`);
  return found;
};
export const losing = kindOf("bus", "events are lost");
export const killing = kindOf("program", "killed (kill -9), and started");

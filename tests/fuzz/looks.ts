import assert from "node:assert/strict";
import type { Discoverer, Look, Outcome } from "../../lib/discovery/discoverer.ts";
import type { Provider } from "../../lib/discovery/provider.ts";
import { targetGroupChangedSchema } from "../../lib/targetgroup/event.ts";
import { contentHash } from "../../lib/targetgroup/hash.ts";
import type { TargetGroup } from "../../lib/targetgroup/targetgroup.ts";
import { changed } from "../fakes/events.ts";
import { type AnswersOptions, answers } from "./answers.ts";
import type { Behaviour, Scope } from "./door.ts";
import { holdLine } from "./line.ts";

export interface LooksOptions<Sample>
  extends Pick<AnswersOptions<Sample, never>, "samples" | "soundly" | "share" | "except"> {
  readonly discoverer: () => Discoverer;
  /** `patience`: milliseconds that it may wait for an answer. */
  readonly provider: (server: URL, sample: Sample, patience: number) => Provider;
}

/** Whatever a server answers, a look is what a sound answer tells, or none; and it is one that can be announced. */
export const looks = <Sample>(scope: Scope, options: LooksOptions<Sample>): Promise<Behaviour> => {
  const { discoverer, provider, ...rest } = options;
  return answers(scope, {
    ...rest,
    name: "is a look at what there is, or none, in one line",
    ask: async (server, sample, patience) => {
      const wanted = provider(server, sample, patience);
      const outcomes = await discoverer()([wanted], AbortSignal.timeout(2 * patience));
      assert.deepEqual(
        outcomes.map((outcome) => outcome.provider),
        [wanted],
      );
      return lookIn(outcomes[0]);
    },
    compare: sameOrKept,
  });
};

/** Groups are those of a sound look; what is missing keeps its last group, with a problem (promise 3). */
const sameOrKept = ({ groups, keeps, problems }: Look, sound: Look): void => {
  const found = new Map(groups.map((group) => [group.source, group]));
  for (const group of sound.groups) {
    const own = found.get(group.source);
    if (own === undefined && problems.length > 0) assert.ok(keeps(group.source), `${group.source} is lost`);
    else assert.deepEqual(own, group);
  }
  assert.ok(groups.length <= sound.groups.length);
};

/** Its look, which can be announced as it is, or its error. */
export const lookIn = (outcome: Outcome | undefined): Look => {
  assert.ok(outcome !== undefined);
  if ("error" in outcome) throw outcome.error;
  const { groups, problems } = outcome.look;
  for (const problem of problems) holdLine(problem);
  for (const group of groups) holdGroup(group);
  return outcome.look;
};

/** What is announced is what is applied: it is an event, and the same after a journey as JSON. */
const holdGroup = (group: TargetGroup): void => {
  const event = { ...changed({ source: "a" }), group };
  const { error } = targetGroupChangedSchema.safeParse(event);
  assert.equal(error, undefined, `${JSON.stringify(group).slice(0, 500)}: ${error?.message}`);
  const travelled: TargetGroup = JSON.parse(Buffer.from(JSON.stringify(group)).toString("utf8"));
  assert.equal(contentHash(travelled), contentHash(group));
};

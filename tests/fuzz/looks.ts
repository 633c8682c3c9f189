import assert from "node:assert/strict";
import type { IncomingMessage } from "node:http";
import fc from "fast-check";
import type { HttpClientConfig } from "../../lib/config/configuration.ts";
import { Secret } from "../../lib/config/secret.ts";
import type { Discoverer, Outcome } from "../../lib/discovery/discoverer.ts";
import type { Provider } from "../../lib/discovery/provider.ts";
import { reasonOf } from "../../lib/errors.ts";
import { targetGroupChangedSchema } from "../../lib/targetgroup/event.ts";
import { contentHash } from "../../lib/targetgroup/hash.ts";
import type { TargetGroup } from "../../lib/targetgroup/targetgroup.ts";
import { changed } from "../fakes/events.ts";
import { plainClient } from "../unit/http/support/config.ts";
import { type Behaviour, behaviour, type Scope } from "./door.ts";
import { type AnswerFault, answerFaults, type Sound, startHostile } from "./wire.ts";

export const password = `made-up-${process.hrtime.bigint()}`;

/** A client that has a secret to lose. */
export const withPassword: HttpClientConfig = {
  ...plainClient,
  basicAuth: { username: "rollcall", password: new Secret(password) },
};

export interface LooksOptions<Sample> {
  /** What the server has. */
  readonly samples: fc.Arbitrary<Sample>;
  readonly soundly: (sample: Sample, url: URL, request: IncomingMessage) => Sound | undefined;
  readonly discoverer: () => Discoverer;
  /** `patience`: milliseconds that it may wait for an answer. */
  readonly provider: (server: URL, sample: Sample, patience: number) => Provider;
}

/** Whatever a server answers, a look is what a sound answer tells, or none; and it is one that can be announced. */
export const looks = async <Sample>(scope: Scope, options: LooksOptions<Sample>): Promise<Behaviour> => {
  const { samples, soundly, discoverer, provider } = options;
  let sample: Sample | undefined;
  const server = await startHostile(scope, (request, url) =>
    sample === undefined ? undefined : soundly(sample, url, request),
  );
  const lookOnce = async (one: Sample, faults: readonly AnswerFault[]): Promise<Outcome> => {
    sample = one;
    server.play(faults);
    const patience = faults.some(isSlow) ? 150 : 10_000;
    const wanted = provider(server.url, one, patience);
    const outcomes = await discoverer()([wanted], AbortSignal.timeout(2 * patience));
    assert.equal(outcomes.length, 1);
    assert.equal(outcomes[0]?.provider, wanted);
    return outcomes[0];
  };
  const cases = fc.record({ one: samples, faults: answerFaults });
  return behaviour("is a look at what there is, or none, in one line", cases, async ({ one, faults }) => {
    const outcome = await lookOnce(one, faults);
    holdOutcome(outcome);
    if (server.given().some(({ tree, bytes }) => tree.length + bytes.length > 0)) return;
    if ("error" in outcome) return;
    const sound = await lookOnce(one, []);
    assert.deepEqual(outcome.look.groups, "look" in sound ? sound.look.groups : sound.error);
  });
};

const isSlow = ({ way: { kind } }: AnswerFault) => kind === "stall" || kind === "drip";

/** One line for people, or groups that can be announced, applied and served. */
export const holdOutcome = (outcome: Outcome): void => {
  const isLook = "look" in outcome;
  for (const line of isLook ? outcome.look.problems : [reasonOf(outcome.error)]) holdLine(line);
  for (const group of isLook ? outcome.look.groups : []) holdGroup(group);
};

/** Characters of a line that stands on pages and in every record of a provider. */
const longestLine = 4_000;

export const holdLine = (line: string): void => {
  assert.ok(
    line.length > 0 && line.length <= longestLine,
    `${line.length} characters: ${line.slice(0, 300)}`,
  );
  assert.doesNotMatch(line, /[\r\n]|\bat \S+\.ts:\d|node_modules/, JSON.stringify(line));
  assert.ok(!line.includes(password), `a secret in ${line}`);
};

/** What is announced is what is applied: it is an event, and the same after a journey as JSON. */
const holdGroup = (group: TargetGroup): void => {
  const event = { ...changed({ source: "a" }), group };
  const { error } = targetGroupChangedSchema.safeParse(event);
  assert.equal(error, undefined, `${JSON.stringify(group).slice(0, 500)}: ${error?.message}`);
  const travelled: TargetGroup = JSON.parse(Buffer.from(JSON.stringify(group)).toString("utf8"));
  assert.equal(contentHash(travelled), contentHash(group));
};

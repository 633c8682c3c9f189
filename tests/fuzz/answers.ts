import assert from "node:assert/strict";
import type { IncomingMessage } from "node:http";
import fc from "fast-check";
import { type Behaviour, behaviour, type Scope } from "./door.ts";
import { given } from "./handed.ts";
import { isOversized, isSlow } from "./ways.ts";
import { type AnswerFault, answerFaults, hastyFaults, type Sound, startHostile } from "./wire.ts";

export interface AnswersOptions<Sample, Value> {
  readonly name?: string;
  readonly share?: number;
  /** What the server has, and is asked for. */
  readonly samples: fc.Arbitrary<Sample>;
  readonly soundly: (sample: Sample, url: URL, request: IncomingMessage) => Sound | undefined;
  /** What our code makes of the server's answers; `patience`: milliseconds that it may wait for one. */
  readonly ask: (server: URL, sample: Sample, patience: number) => Promise<Value>;
  /** What is true of whatever it makes of them. */
  readonly hold?: (value: Value) => void;
  /** Throws where it is less, or other, than what a sound server's answers mean; equal is expected unless told otherwise. */
  readonly compare?: (value: Value, sound: Value) => void;
  /** False where our code has a deadline of its own that nobody here waits for. */
  readonly slow?: boolean;
  /** Ways that say nothing here. */
  readonly except?: readonly AnswerFault["way"]["kind"][];
}

/** Whatever a server answers: what its sound answers mean, or one line that says what is wrong; never half of it. */
export const answers = async <Sample, Value>(
  scope: Scope,
  options: AnswersOptions<Sample, Value>,
): Promise<Behaviour> => {
  const {
    name = "is taken whole or refused in one line",
    samples,
    soundly,
    ask,
    share,
    slow = true,
    except = [],
  } = options;
  let sample: Sample | undefined;
  const server = await startHostile(scope, (request, url) =>
    sample === undefined ? undefined : soundly(sample, url, request),
  );
  const askOnce = (one: Sample, faults: readonly AnswerFault[]): Promise<[Value] | undefined> => {
    sample = one;
    server.play(faults);
    const asked = async (): Promise<[Value]> => [
      await ask(server.url, one, faults.some(isSlow) ? 150 : 10_000),
    ];
    return given(asked());
  };
  const told = (slow ? answerFaults : hastyFaults).map((faults) =>
    faults.filter(({ way }) => !except.includes(way.kind)),
  );
  const cases = fc.record({ one: samples, faults: told });
  return behaviour(
    name,
    cases,
    async ({ one, faults }) => {
      const got = await askOnce(one, faults);
      if (got === undefined) return;
      assert.ok(!server.given().some(isOversized), "an answer of any size is taken");
      options.hold?.(got[0]);
      if (server.given().some(({ tree, bytes }) => tree.length + bytes.length > 0)) return;
      const sound = await askOnce(one, []);
      assert.ok(sound !== undefined, "a sound answer is refused");
      (options.compare ?? assert.deepEqual)(got[0], sound[0]);
    },
    share,
  );
};

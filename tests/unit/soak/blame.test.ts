import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { blame, explain } from "../../e2e/soak/blame.ts";
import type { Letter } from "../../e2e/soak/letters.ts";
import { kind } from "./befallen.ts";

const lost = kind("events are lost", "bus");
const killed = kind("killed", "program");

describe("who is to blame for a late source", () => {
  test("is the last fault that had begun, as long as its after-effects last", () => {
    const befallen = [
      { kind: killed, from: 0, until: 1_000, hit: 1 },
      { kind: lost, from: 20_000, until: 25_000, hit: 7 },
    ];
    const wrong = (since: number, lasted: number) => ({
      job: "pods",
      source: "a",
      since,
      until: since + lasted,
    });
    const wrongs = [wrong(15_000, 1_000), wrong(21_000, 2_500), wrong(54_000, 6_040), wrong(200_000, 9_000)];
    assert.deepEqual(
      blame([lost, killed], befallen, wrongs).map(({ name, tried, hit, late, longest }) => ({
        ...{ name, tried, hit, late, longest },
      })),
      [
        { name: "events are lost", tried: 1, hit: 7, late: 2, longest: 6 },
        { name: "killed", tried: 1, hit: 1, late: 1, longest: 1 },
        { name: "no fault", tried: 0, hit: 0, late: 1, longest: 9 },
      ],
    );
  });
});

describe("a dead letter", () => {
  const poison = { body: "no JSON", reason: /^the body is no JSON$/ };
  const dead: Letter = { queue: "dead letters", body: "no JSON", reason: "the body is no JSON", at: 5_000 };
  const order: Letter = {
    queue: "failed orders",
    body: "{}",
    reason: "DynamoDB Query: timed out",
    at: 30_000,
  };
  const befallen = [{ kind: kind("requests fail (500)", "table"), from: 20_000, until: 25_000, hit: 3 }];

  test("is explained by the message that was sent as what can never be applied", () => {
    const { letters, violations } = explain([dead, { ...dead }], [poison], []);
    assert.deepEqual(violations, []);
    assert.deepEqual(
      letters.map(({ queue, count }) => [queue, count]),
      [["dead letters", 2]],
    );
  });

  test("is told together with those that differ from it by a number only", () => {
    const of = (pod: string): Letter => ({
      ...dead,
      body: pod,
      reason: `the group of pod/shop/${pod} is wrong`,
    });
    const sent = { ...poison, reason: /^the group of / };
    const names = ["pod-4", "pod-27"];
    const { letters } = explain(
      names.map(of),
      names.map((body) => ({ ...sent, body })),
      [],
    );
    assert.deepEqual(
      letters.map(({ count, because }) => [count, because]),
      [[2, "sent as what can never be applied: the group of pod/shop/pod-… is wrong"]],
    );
  });

  test("with another reason than the message's explains nothing, and the message's own is missed", () => {
    const { violations } = explain([{ ...dead, reason: "too old" }], [poison], []);
    assert.match(violations[0] ?? "", /a letter among the dead letters that nothing explains: too old/);
    assert.match(violations[1] ?? "", /^no dead letter says/);
  });

  test("that is an order which came to nothing is explained by what AWS answered at the time", () => {
    assert.deepEqual(explain([order], [], befallen), {
      letters: [{ queue: "failed orders", because: "table: requests fail (500)", count: 1 }],
      violations: [],
    });
  });

  test("is a violation when nothing of AWS was wrong at the time, or when it says something else", () => {
    assert.equal(explain([order], [], []).violations.length, 1);
    assert.equal(explain([{ ...order, at: 19_000 }], [], befallen).violations.length, 1);
    assert.equal(explain([{ ...order, at: 60_000 }], [], befallen).violations.length, 1);
    const own = { ...order, reason: "x is not a function" };
    assert.equal(explain([own], [], befallen).violations.length, 1);
  });

  test("is not explained by what went wrong with another service, or hit nothing", () => {
    const other = { ...order, reason: "EventBridge PutEvents: socket hang up" };
    assert.equal(explain([other], [], befallen).violations.length, 1);
    const idle = befallen.map((one) => ({ ...one, hit: 0 }));
    assert.equal(explain([order], [], idle).violations.length, 1);
  });

  test("is not explained by any trouble when the service calls the request itself wrong", () => {
    const wrong = { ...order, reason: "DynamoDB PutItem: Item size has exceeded the maximum allowed size" };
    assert.equal(explain([wrong], [], befallen).violations.length, 1);
  });

  test("is explained by a program that ends, as long as it is not there again", () => {
    const ended = [{ kind: killed, from: 20_000, until: 31_000, hit: 1 }];
    const cut = { ...order, reason: "DynamoDB Query: socket hang up" };
    assert.deepEqual(explain([cut], [], ended).violations, []);
    assert.equal(explain([{ ...cut, at: 31_500 }], [], ended).violations.length, 1);
    const answered = { ...order, reason: "DynamoDB Query: as the test wants it" };
    assert.equal(explain([answered], [], ended).violations.length, 1);
  });
});

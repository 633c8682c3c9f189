/** A message that can never be applied, and what its dead letter must say. */
export interface Poison {
  readonly body: string;
  readonly reason: RegExp;
}

/** One of each kind, out of an event's detail; `number` tells them from those before. */
export const poisonsOf = (detail: string, number: number): readonly Poison[] => {
  const event: Event = JSON.parse(detail);
  const version = { epoch: Math.floor(Date.now() / 1000) + 1, sequence: number };
  const now = new Date().toISOString();
  const ahead = { ...version, epoch: version.epoch + 7200 };
  const yesterday = new Date(Date.now() - 25 * 3600_000).toISOString();
  return [
    { body: `this is no JSON, number ${number}`, reason: /^the body is no JSON$/ },
    { body: JSON.stringify({ number }), reason: /^envelope\./ },
    { body: envelope({ ...event, version, schema: 2 }, now), reason: /schema is 2/ },
    { body: envelope({ ...event, version, provider: number }, now), reason: /^detail\.provider/ },
    { body: envelope({ ...event, version, hash: "0".repeat(64) }, now), reason: /not what its hash says/ },
    { body: envelope({ ...event, version: ahead }, now), reason: /more than an hour in the future/ },
    { body: envelope({ ...event, version }, yesterday), reason: /hours old; at most 24/ },
  ];
};

type Event = Readonly<Record<string, unknown>>;

const envelope = (detail: Event, time: string) =>
  JSON.stringify({
    version: "0",
    id: crypto.randomUUID(),
    account: "000000000000",
    region: "eu-central-1",
    resources: [],
    time: `${time.slice(0, 19)}Z`,
    source: "rollcall.discovery",
    "detail-type": "Target Group Changed",
    detail,
  });

import assert from "node:assert/strict";
import type { Socket } from "node:net";
import fc from "fast-check";
import { createKafkaSink } from "../../../lib/metrics/sinks/kafka/sink.ts";
import { type Asked, framed, type Request, type Said, startKafkaBroker } from "../../fakes/kafkabroker.ts";
import { batchOf } from "../../unit/metrics/batches.ts";
import { type Behaviour, behaviour, type Door, type Scope } from "../door.ts";
import { holdRefusal } from "../line.ts";

const topic = "heapster-metrics";
const batch = batchOf({ "node:a": { labels: { type: "node" }, values: { uptime: 1, "cpu/usage": [2] } } });

/** What goes wrong with the answers to one kind of request. `at`: where, of 10,000. */
interface Wrong {
  readonly asked: Asked;
  readonly way: keyof typeof ways;
  readonly at: number;
}

interface Case {
  readonly said: Omit<Said, "host" | "port" | "topic">;
  readonly wrong: readonly Wrong[];
}

type Sending = { readonly whole: Buffer; readonly at: number; readonly socket: Socket };
const placeIn = ({ whole, at }: Sending) => Math.floor((at / 10_001) * whole.length);
const withSize = (whole: Buffer, size: number): Buffer => {
  const spoilt = Buffer.from(whole);
  spoilt.writeInt32BE(size);
  return spoilt;
};
const sizes = [-2_147_483_648, -5, -4, -1, 0, 1, 2, 3, 4, 5, 2_147_483_647];

/** Bytes are spoilt of answers without addresses only: a client goes where metadata leads it. */
const ways = {
  flip: (sending: Sending) => {
    const flipped = Buffer.from(sending.whole);
    const place = placeIn(sending);
    flipped[place] = (flipped[place] ?? 0) ^ (1 << (sending.at % 8));
    sending.socket.write(flipped);
  },
  cut: ({ socket, ...rest }: Sending) =>
    void socket.end(rest.whole.subarray(0, placeIn({ ...rest, socket }))),
  shorter: ({ whole, at, socket }: Sending) => {
    const left = Math.max(8, Math.floor((at / 10_001) * whole.length));
    socket.write(withSize(whole.subarray(0, left), left - 4));
  },
  size: ({ whole, at, socket }: Sending) => void socket.write(withSize(whole, sizes[at % sizes.length] ?? 0)),
  bare: ({ at, socket }: Sending) =>
    void socket.write(withSize(Buffer.alloc(4 + (at % 8)), sizes[at % sizes.length] ?? 0)),
  twice: ({ whole, socket }: Sending) => void socket.write(Buffer.concat([whole, whole])),
  pieces: ({ whole, socket }: Sending) => {
    for (const byte of whole) socket.write(Buffer.from([byte]));
  },
  stranger: ({ whole, socket }: Sending) => {
    const other = Buffer.from(whole);
    other.writeInt32BE(123_456, 4);
    socket.write(other);
  },
  http: ({ socket }: Sending) => void socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"),
  tls: ({ socket }: Sending) => void socket.write(Buffer.from([0x15, 3, 3, 0, 2, 2, 70])),
  reset: ({ socket }: Sending) => void socket.resetAndDestroy(),
  silence: () => undefined,
};

const addressless: readonly Asked[] = ["versions", "produce"];
const harmless: readonly Wrong["way"][] = ["twice", "pieces", "stranger", "http", "tls", "reset", "silence"];
const at = fc.nat({ max: 10_000 });
const wrong: fc.Arbitrary<Wrong> = fc.oneof(
  fc.record({
    asked: fc.constantFrom(...addressless),
    way: fc.constantFrom<Wrong["way"]>(...harmless, "flip", "flip", "flip", "cut", "shorter", "size", "bare"),
    at,
  }),
  fc.record({ asked: fc.constant<Asked>("metadata"), way: fc.constantFrom(...harmless), at }),
);
/** Retriable, final, unknown to the guide, and none. */
const code = fc.constantFrom(0, 0, 0, 0, 3, 5, 6, 10, 17, 29, 87, -1, 32_767, -32_768);
const cases: fc.Arbitrary<Case> = fc.record({
  said: fc.record({ codes: fc.tuple(code, code, code), leader: fc.constantFrom(7, 7, 7, -1, 8) }),
  wrong: fc.array(wrong, { maxLength: 2 }),
});

/** Sizes alone, since a client reads nothing before them. */
const sized: fc.Arbitrary<Case> = fc.record({
  said: fc.constant<Case["said"]>({ codes: [0, 0, 0], leader: 7 }),
  wrong: fc.tuple(
    fc.record({
      asked: fc.constantFrom<Asked>("versions", "produce"),
      way: fc.constantFrom<Wrong["way"]>("size", "bare"),
      at,
    }),
  ),
});

/** What a Kafka broker answers the sink (spec A9; Kafka's protocol guide). */
export const kafka: Door = {
  name: "kafka",
  runs: 40,
  open: async (scope) => [
    await answered(scope, { name: "is taken for a success or told in one line", cases, share: 0.6 }),
    await answered(scope, {
      name: "ends nothing when it has a size that no answer has",
      cases: sized,
      share: 0.4,
    }),
  ],
};

const answered = async (scope: Scope, { name, cases, share }: Answering): Promise<Behaviour> => {
  let one: Case = { said: { codes: [0, 0, 0], leader: 7 }, wrong: [] };
  const given: Request["asked"][] = [];
  const broker = await startKafkaBroker((request, socket) => {
    given.push(request.asked);
    const whole = framed(request, { host: "127.0.0.1", port: broker.port, topic, ...one.said });
    const fault = one.wrong.find(({ asked }) => asked === request.asked);
    if (fault === undefined) socket.write(whole);
    else ways[fault.way]({ whole, at: fault.at, socket });
  });
  scope.after(broker.close);
  const settings = {
    kind: "kafka",
    brokers: [`127.0.0.1:${broker.port}`],
    topic,
    compression: "none",
  } as const;
  const sink = createKafkaSink(settings, { name: "kafka", http: {} });
  const hold = async (next: Case) => {
    [one, given.length] = [next, 0];
    broker.drop();
    const isSlow = next.wrong.some(({ way }) => ["silence", "size", "flip", "bare", "tls"].includes(way));
    try {
      await sink.export(batch, AbortSignal.timeout(isSlow ? 300 : 5_000));
    } catch (error) {
      holdRefusal(error);
      const isSound =
        next.wrong.length === 0 && next.said.leader === 7 && next.said.codes.every((own) => own === 0);
      assert.ok(!isSound, error instanceof Error ? error : "");
      return;
    }
    assert.ok(given.includes("produce"), "nobody was given the batch");
    assert.equal(next.said.codes[2], 0, "the broker refused the batch");
  };
  return behaviour(name, cases, hold, share);
};

interface Answering {
  readonly name: string;
  readonly cases: fc.Arbitrary<Case>;
  readonly share: number;
}

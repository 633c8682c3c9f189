import { Producer, stringSerializers } from "@platformatic/kafka";
import type { KafkaSettings } from "../../../config/metrics/settings.ts";
import { ownCredentials } from "../../../credential/credentials.ts";
import { reasonOf } from "../../../errors.ts";
import type { TransportOptions } from "../../../http/client.ts";
import { refuseInwardHost } from "../../../http/publicaddress.ts";
import { readTlsMaterial } from "../../../http/tls.ts";
import type { Sink } from "../../sink.ts";
import { packsOf } from "../point.ts";
import { type ConnectionRule, watchConnections } from "./connections.ts";
import { messagesOf } from "./message.ts";

watchConnections();

/**
 * Kafka (spec A9): keyless messages, partitions in turn, the leader acknowledges, one more try. Connections last for one batch: a function
 * that was frozen between two would find them dead.
 */
export const createKafkaSink = (
  settings: KafkaSettings,
  { name, http }: { readonly name: string; readonly http: TransportOptions },
): Sink => ({
  name,
  export: async (batch, signal) => {
    let cut: Error | undefined;
    const rule: ConnectionRule = {
      publicOnly: http.publicOnly === true,
      cut: (reason) => {
        cut ??= reason;
      },
    };
    const producer = await open(settings, http, rule);
    const abort = () => void producer.close(true).catch(() => undefined);
    signal.addEventListener("abort", abort, { once: true });
    try {
      for (const pack of packsOf(messagesOf(batch), mostBytes, Buffer.byteLength)) {
        signal.throwIfAborted();
        await producer.send({ messages: pack.map((value) => ({ topic: settings.topic, value })), acks: 1 });
      }
    } catch (error) {
      throw new Error(`Kafka ${settings.brokers.join(", ")}: ${reasons(cut ?? error).join(": ")}`, {
        cause: error,
      });
    } finally {
      signal.removeEventListener("abort", abort);
      await producer.close(true).catch(() => undefined);
    }
  },
});

/** A broker refuses a megabyte by default, and all of a pack may come to one partition. */
const mostBytes = 500_000;

const open = async (
  settings: KafkaSettings,
  { credentialsFor = ownCredentials, publicOnly }: TransportOptions,
  context: ConnectionRule,
) => {
  const { brokers, compression, tls, login } = settings;
  if (publicOnly === true) for (const broker of brokers) refuseInwardHost(new URL(`http://${broker}`));
  const credentials = credentialsFor();
  return new Producer({
    clientId: "rollcall",
    context,
    bootstrapBrokers: [...brokers],
    serializers: stringSerializers,
    autocreateTopics: true,
    compression,
    retries: 1,
    retryDelay: 250,
    connectTimeout: 5_000,
    requestTimeout: 15_000,
    timeout: 15_000,
    ...(tls && { tls: (await readTlsMaterial(tls, credentials)).agentOptions(), tlsServerName: true }),
    ...(login && {
      sasl: {
        mechanism: "PLAIN",
        username: login.username,
        password: await credentials.reveal(login.password),
      },
    }),
  });
};

/** The client's errors hold what they are about. */
const reasons = (error: unknown): string[] => {
  const inside = error instanceof AggregateError ? error.errors.slice(0, 2).flatMap(reasons) : [];
  return [...new Set([error instanceof AggregateError ? error.message : reasonOf(error), ...inside])];
};

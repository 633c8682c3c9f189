import { Refusal } from "../decode.ts";
import { joined } from "../paths.ts";
import { optionsOf } from "./options.ts";
import { type KafkaSettings, kafkaCompressions } from "./settings.ts";
import type { MetricUri } from "./uri.ts";

/** `kafka:?brokers=host:9092&…` (spec A9). */
export const kafkaOf = (uri: MetricUri, folder: string): KafkaSettings => {
  const options = optionsOf(uri);
  const refuse = (what: string): never => {
    throw new Refusal(uri.place, `${uri.key}: ${what}`);
  };
  const [caFile, certFile, keyFile] = (["cacert", "cert", "key"] as const).map((name) =>
    joined(folder, options.text(name, "")),
  );
  const insecureSkipVerify = options.boolean("insecuressl", false);
  const user = options.text("user", "");
  const password = options.secret("password", "");
  const settings: KafkaSettings = {
    kind: "kafka",
    brokers: options.texts("brokers"),
    topic: options.text("timeseriestopic", "heapster-metrics"),
    compression: options.choice("compression", "none", kafkaCompressions),
    ...((caFile || certFile || insecureSkipVerify) && {
      tls: {
        insecureSkipVerify,
        ...(caFile && { caFile }),
        ...(certFile && keyFile && { certFile, keyFile }),
      },
    }),
    ...(user !== "" && { login: { username: user, password } }),
  };
  options.finish();
  if (settings.brokers.length === 0) refuse("option brokers is needed, such as brokers=kafka-1:9092");
  if (!settings.brokers.every((broker) => /^([^\s:/?#@]+|\[[0-9a-fA-F:.]+\]):\d{1,5}$/.test(broker)))
    refuse("option brokers is host:port, once for each broker");
  if (Boolean(certFile) !== Boolean(keyFile)) refuse("options cert and key go together");
  if (!/^[a-zA-Z0-9._-]{1,249}$/.test(settings.topic))
    refuse("option timeseriestopic must be letters, digits, dots, dashes and underscores, up to 249 of them");
  return settings;
};

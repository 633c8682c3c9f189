import type { Door } from "./door.ts";
import { adapt } from "./doors/adapt.ts";
import { aggregated } from "./doors/aggregated.ts";
import { aws } from "./doors/aws.ts";
import { configuration } from "./doors/configuration.ts";
import { docker } from "./doors/docker.ts";
import { envelopes } from "./doors/envelopes.ts";
import { events } from "./doors/events.ts";
import { fileSd } from "./doors/filesd.ts";
import { httpSd } from "./doors/httpsd.ts";
import { influxdb } from "./doors/influxdb.ts";
import { kafka } from "./doors/kafka.ts";
import { kubeconfig } from "./doors/kubeconfig.ts";
import { kubelet } from "./doors/kubelet.ts";
import { kubernetes } from "./doors/kubernetes.ts";
import { model } from "./doors/model.ts";
import { oauth2 } from "./doors/oauth2.ts";
import { prometheus } from "./doors/prometheus.ts";
import { requests } from "./doors/requests.ts";
import { serve } from "./doors/serve.ts";
import { sinks } from "./doors/sinks.ts";
import { swarm } from "./doors/swarm.ts";
import { watch } from "./doors/watch.ts";

/** Every place where bytes of others come in. */
export const doors: readonly Door[] = [
  configuration,
  kubeconfig,
  fileSd,
  kubernetes,
  watch,
  swarm,
  docker,
  httpSd,
  oauth2,
  kubelet,
  influxdb,
  sinks,
  kafka,
  prometheus,
  aggregated,
  events,
  envelopes,
  requests,
  aws,
  serve,
  model,
  adapt,
];

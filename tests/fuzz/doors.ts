import type { Door } from "./door.ts";
import { configuration } from "./doors/configuration.ts";
import { docker } from "./doors/docker.ts";
import { events } from "./doors/events.ts";
import { fileSd } from "./doors/filesd.ts";
import { httpSd } from "./doors/httpsd.ts";
import { kubeconfig } from "./doors/kubeconfig.ts";
import { kubernetes } from "./doors/kubernetes.ts";
import { serve } from "./doors/serve.ts";
import { swarm } from "./doors/swarm.ts";

/** Every place where bytes of others come in. */
export const doors: readonly Door[] = [
  configuration,
  kubeconfig,
  fileSd,
  kubernetes,
  swarm,
  docker,
  httpSd,
  events,
  serve,
];

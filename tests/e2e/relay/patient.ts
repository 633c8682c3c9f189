import { type ApiServer, startApiServer } from "../../../local/demo/apiserver.ts";
import { valueAt } from "../../../local/demo/object.ts";
import { podOf } from "../local/cluster.ts";

/** A cluster that something is about to befall. */
export interface Patient {
  readonly server: ApiServer;
  /** One pod comes and one goes. */
  change(): void;
  /** The targets of all its pods, sorted. */
  targets(): string[];
  /** Starts the server again, on its port and with its pods. */
  comeBack(): Promise<void>;
}

export const startPatient = async (): Promise<Patient> => {
  let changes = 0;
  const patient = {
    server: await startApiServer({ firstVersion: firstVersion() }),
    change: () => {
      changes += 1;
      patient.server.apply(podOf(`late-${changes}`, `10.2.0.${changes}`));
      patient.server.remove("Pod", "shop", `web-${changes}`);
    },
    targets: () =>
      patient.server
        .objects("Pod")
        .map((pod) => `${valueAt(pod, "status.podIP")}:8080`)
        .sort(),
    comeBack: async () => {
      const { port, token } = patient.server;
      const pods = patient.server.objects("Pod");
      patient.server = await startApiServer({ port, token, firstVersion: firstVersion() });
      for (const pod of pods) patient.server.apply(pod);
    },
  };
  for (let host = 1; host <= pods; host += 1) patient.server.apply(podOf(`web-${host}`, `10.1.0.${host}`));
  return patient;
};

/** Microseconds: a server that comes back counts on. */
const firstVersion = () => 1000 * Date.now();

const pods = 40;

import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { startApiServer } from "./apiserver.ts";
import { ownCertificate } from "./kubelet/certificate.ts";
import { startKubelets } from "./kubelet/kubelets.ts";
import { readPorts, startOnPort, writePorts } from "./ports.ts";
import { type DemoAddresses, prometheusYml, rollcallYml } from "./prometheusyml.ts";
import { startDemoSwarm } from "./swarm.ts";
import { createWorkload, startChurn } from "./workload.ts";

/** A demo cluster and a demo Swarm on loopback, with the files that make Rollcall look at them. */
export interface Demo {
  readonly configFile: string;
  readonly settingsFile: string;
  readonly apiServerUrl: string;
  readonly swarmUrl: string;
  /** Ends the churn and both servers; the files stay. */
  close(): Promise<void>;
}

export interface DemoOptions {
  /** Where the files go; it is made if need be. A later start here takes the same ports if they are free. */
  readonly folder: string;
  /** In [0, 1), as Math.random. */
  readonly random: () => number;
  /** Between two changes of the cluster; the Swarm changes half as often. */
  readonly churnMilliseconds: number;
}

export const startDemo = async ({ folder, random, churnMilliseconds }: DemoOptions): Promise<Demo> => {
  await mkdir(folder, { recursive: true });
  const ports = await readPorts(folder);
  // Microseconds: filling the cluster makes about a hundred versions, and a restart can follow within milliseconds.
  const apiServer = await startOnPort(
    (port) => startApiServer({ port, firstVersion: 1000 * Date.now() }),
    ports.apiServer,
  );
  const swarm = await startOnPort((port) => startDemoSwarm({ port, random }), ports.swarm);
  const workload = createWorkload(apiServer, { random, clock: Date.now });
  const { token } = apiServer;
  const tls = await ownCertificate(
    folder,
    workload.cluster.nodes.map(({ address }) => address),
  );
  const kubelets = await startOnPort(
    (port) => startKubelets({ cluster: workload.cluster, port, tls, token }),
    ports.kubelets,
  );
  const taken = { apiServer: apiServer.port, swarm: swarm.port, kubelets: kubelets?.port ?? 0 };
  await writePorts(folder, taken);
  const files = await writeFiles(folder, {
    apiServer: apiServer.url,
    swarm: swarm.url,
    token,
    ...(kubelets && { kubelets: { port: kubelets.port, caFile: tls.file } }),
  });
  const churns = [startChurn(workload, churnMilliseconds), startChurn(swarm, 2 * churnMilliseconds)];
  return {
    ...files,
    apiServerUrl: apiServer.url,
    swarmUrl: swarm.url,
    close: async () => {
      for (const churn of churns) churn.stop();
      await Promise.all([apiServer.close(), swarm.close(), kubelets?.close()]);
    },
  };
};

/** Where a demo in this folder writes its files. */
export const demoFiles = (folder: string) => ({
  configFile: join(folder, "prometheus.yml"),
  settingsFile: join(folder, "rollcall.yml"),
});

type Servers = Omit<DemoAddresses, "tokenFile"> & { readonly token: string };

const tokenFile = "demo.token";

const writeFiles = async (folder: string, { token, ...servers }: Servers) => {
  const { configFile, settingsFile } = demoFiles(folder);
  const tokenPath = join(folder, tokenFile);
  await writeFile(tokenPath, token, { mode: 0o600 });
  // The mode counts only when the file is made; one that was there may be readable by others.
  await chmod(tokenPath, 0o600);
  await writeFile(configFile, prometheusYml({ ...servers, tokenFile }));
  await writeFile(settingsFile, rollcallYml({ ...servers, tokenFile }));
  return { configFile, settingsFile };
};

import { createCloudCredentials } from "../credential/cloud.ts";
import { createStores } from "../credential/stores.ts";
import type { Environment } from "../environment.ts";
import { type ConfigurationPlace, cloudFiles } from "../files/cloud.ts";
import type { Eks } from "./kubernetes/eksaccess.ts";
import type { createIdentities } from "./kubernetes/sts.ts";
import { ownReach, type Reach } from "./reach.ts";

/**
 * In the cloud whoever may write the configuration is not the owner of the machine: nothing inwards is reached, nothing of
 * a kubeconfig is run, only files beside the configuration are read (design §3.1). Secrets are had from AWS when they are used.
 */
export const cloudReach = (place: ConfigurationPlace, clock: () => number): Reach => {
  const files = cloudFiles(place);
  return {
    publicOnly: true,
    plugins: false,
    files,
    credentialsFor: createCloudCredentials({ files, stores: createStores(), clock }),
    eks: lateEks(clock),
    identityOf: lateIdentities(clock),
  };
};

/** What a function may reach where it runs. */
export const reachOf = (
  environment: Pick<Environment, "where"> & ConfigurationPlace,
  clock: () => number,
): Reach => (environment.where === "cloud" ? cloudReach(environment, clock) : ownReach);

const lateEks = (clock: () => number): Eks => {
  let loaded: Eks | undefined;
  const load = async (): Promise<Eks> => {
    const [{ createDescribe }, { createIdentities, createEksTokens }] = await Promise.all([
      import("./kubernetes/eks.ts"),
      import("./kubernetes/sts.ts"),
    ]);
    const identities = createIdentities({ clock });
    loaded ??= { describe: createDescribe({ identities, clock }), ...createEksTokens({ identities, clock }) };
    return loaded;
  };
  return {
    describe: async (cluster) => (await load()).describe(cluster),
    token: async (cluster) => (await load()).token(cluster),
    // Nothing is refused before it was made.
    refused: (cluster) => loaded?.refused(cluster) ?? false,
  };
};

const lateIdentities = (clock: () => number): NonNullable<Reach["identityOf"]> => {
  let identities: ReturnType<typeof createIdentities> | undefined;
  return async (roleArn) => {
    const sts = await import("./kubernetes/sts.ts");
    identities ??= sts.createIdentities({ clock });
    return identities.of(roleArn === undefined ? {} : { roleArn });
  };
};

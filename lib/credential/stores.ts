import type { SecretStore } from "./cloud.ts";

/** Clients are loaded when the first secret is asked for: a function that needs none starts without them. */
export const createStores = () => ({
  ssm: late(async () => (await import("./ssm.ts")).createParameterStore()),
  secretsmanager: late(async () => (await import("./secretsmanager.ts")).createSecretsManager()),
});

const late = (load: () => Promise<SecretStore>): SecretStore => {
  let store: Promise<SecretStore> | undefined;
  return async (id) => {
    store ??= load();
    return (await store)(id);
  };
};

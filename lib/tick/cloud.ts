import { createCloudCredentials } from "../credential/cloud.ts";
import { createStores } from "../credential/stores.ts";
import { type ConfigurationPlace, cloudFiles } from "../files/cloud.ts";
import type { Cloud } from "./gather.ts";

/** The configuration's files, and what its references stand for: remembered for five minutes, then had anew. */
export const createCloud = (place: ConfigurationPlace, clock: () => number): Cloud => {
  const files = cloudFiles(place);
  return { files, credentials: createCloudCredentials({ files, stores: createStores(), clock })() };
};

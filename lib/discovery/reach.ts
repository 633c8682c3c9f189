import { type CredentialsFor, ownCredentials } from "../credential/credentials.ts";
import { diskFiles } from "../files/disk.ts";
import type { Files } from "../files/files.ts";
import type { AwsIdentity, Eks } from "./kubernetes/eksaccess.ts";

/** What discoverers may reach, and how they get at what the configuration only refers to. */
export interface Reach {
  /** Loopback and link-local addresses are refused (design §3.1). */
  readonly publicOnly: boolean;
  /** `exec` and auth-provider plugins of a kubeconfig may run. */
  readonly plugins: boolean;
  readonly credentialsFor: CredentialsFor;
  readonly files: Files;
  /** Undefined where no role of AWS is at hand. */
  readonly eks?: Eks;
  /** Who signs for a service of AWS: the function itself, or the role that is named; undefined as above. */
  readonly identityOf?: (roleArn: string | undefined) => Promise<AwsIdentity>;
}

/** On a machine whose owner wrote the configuration there are no limits. */
export const ownReach: Reach = {
  publicOnly: false,
  plugins: true,
  credentialsFor: ownCredentials,
  files: diskFiles,
};

import { devNull } from "node:os";
import { usersAwsVariables } from "../lib/discovery/kubernetes/plugin.ts";
import type { Credentials } from "./credentials.ts";

/** What points the unmodified AWS SDK at this machine, and at nothing else. */
export interface LocalAws extends Credentials {
  readonly endpoint: string;
  readonly tableEndpoint: string;
  readonly region: string;
}

/**
 * Sets the process's environment for the functions; comes before they are imported. Credentials are
 * those of this run, and a profile of the user's is out of reach, so that nothing can reach a real account by mistake.
 */
export const setEnvironment = (aws: LocalAws, variables: Readonly<Record<string, string>>): void => {
  const users = Object.entries(process.env).filter(([name]) => name.startsWith("AWS_"));
  for (const [name] of users) delete process.env[name];
  Object.assign(process.env, {
    [usersAwsVariables]: JSON.stringify(Object.fromEntries(users)),
    AWS_ENDPOINT_URL: aws.endpoint,
    AWS_ENDPOINT_URL_DYNAMODB: aws.tableEndpoint,
    AWS_REGION: aws.region,
    AWS_ACCESS_KEY_ID: aws.accessKeyId,
    AWS_SECRET_ACCESS_KEY: aws.secretAccessKey,
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
    AWS_EC2_METADATA_DISABLED: "true",
    ...variables,
  });
};

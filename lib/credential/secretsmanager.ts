import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { clientDefaults, inOneLine } from "../aws.ts";
import type { SecretStore } from "./cloud.ts";

/** The current versions of secrets that are texts. Needs `secretsmanager:GetSecretValue`, and `kms:Decrypt` for a key of one's own. */
export const createSecretsManager =
  (client = createClient()): SecretStore =>
  async (id) => {
    const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: id }));
    if (typeof SecretString !== "string") throw new Error("a binary secret, expected a text");
    return SecretString;
  };

/** A client of ours: bounded. */
export const createClient = (config: ConstructorParameters<typeof SecretsManagerClient>[0] = {}) => {
  const client = new SecretsManagerClient({ ...clientDefaults, ...config });
  inOneLine(client.middlewareStack);
  return client;
};

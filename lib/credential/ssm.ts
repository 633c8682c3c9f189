import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { clientDefaults, inOneLine } from "../aws.ts";
import type { SecretStore } from "./cloud.ts";

/** Parameters of Systems Manager's Parameter Store, decrypted. Needs `ssm:GetParameter`, and `kms:Decrypt` for a key of one's own. */
export const createParameterStore =
  (client = createClient()): SecretStore =>
  async (id) => {
    const { Parameter } = await client.send(new GetParameterCommand({ Name: id, WithDecryption: true }));
    if (Parameter?.Type === "StringList") throw new Error("a list, expected a String or a SecureString");
    if (typeof Parameter?.Value !== "string") throw new Error("the answer has no value");
    return Parameter.Value;
  };

/** A client of ours: bounded. */
export const createClient = (config: ConstructorParameters<typeof SSMClient>[0] = {}) => {
  const client = new SSMClient({ ...clientDefaults, ...config });
  inOneLine(client.middlewareStack);
  return client;
};

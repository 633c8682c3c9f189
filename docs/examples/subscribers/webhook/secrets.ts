import * as z from "zod";

export interface Secrets {
  /** `whsec_` and the key in base64, as Standard Webhooks has it. */
  readonly webhookSecret: string;
  /** A token of Rollcall's for the jobs that are handed on; absent where its door is open. */
  readonly rollcallToken: string | undefined;
}

/**
 * The secret of that name or ARN in Secrets Manager: `{"webhook_secret": "whsec_…", "rollcall_token": "…"}`. Asked for again
 * after five minutes, so that a rotated one is taken up; if that fails, what is known serves until it succeeds.
 */
export const fetchSecrets = (id: string, clock: () => number = Date.now): (() => Promise<Secrets>) => {
  let known: { readonly secrets: Secrets; readonly until: number } | undefined;
  return async () => {
    if (known !== undefined && clock() < known.until) return known.secrets;
    try {
      known = { secrets: await ask(id), until: clock() + life };
    } catch (cause) {
      if (known === undefined) throw new Error(`the secret ${id} cannot be read`, { cause });
    }
    return known.secrets;
  };
};

const life = 300_000;

/** The client comes with Lambda's runtime, and is loaded only where a secret is named. */
const ask = async (id: string): Promise<Secrets> => {
  const { GetSecretValueCommand, SecretsManagerClient } = await import("@aws-sdk/client-secrets-manager");
  const client = new SecretsManagerClient({ maxAttempts: 2 });
  const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: id }), {
    abortSignal: AbortSignal.timeout(5000),
  });
  const { webhook_secret, rollcall_token } = schema.parse(JSON.parse(SecretString ?? ""));
  return { webhookSecret: webhook_secret, rollcallToken: rollcall_token };
};

const schema = z.object({
  webhook_secret: z.string().startsWith("whsec_"),
  rollcall_token: z.string().min(1).optional(),
});

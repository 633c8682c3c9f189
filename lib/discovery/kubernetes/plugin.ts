import { execFile } from "node:child_process";
import * as z from "zod";
import type { ExecPlugin } from "./kubeconfig.ts";

/** What a plugin gives: a token, or a certificate with its key, in PEM. */
export interface PluginCredential {
  readonly token?: string | undefined;
  readonly clientCertificateData?: string | undefined;
  readonly clientKeyData?: string | undefined;
}

/**
 * Runs a kubeconfig's exec plugin (client-go `pkg/apis/clientauthentication`). The client library would do it, but it
 * leaves a plugin that hangs behind with every look. Rejects in one line with what the plugin wrote to its standard
 * error, and never with what it printed, which is a credential.
 */
export const runPlugin = async ({ command, args, env }: ExecPlugin): Promise<PluginCredential> => {
  const output = await outputOf(
    command,
    args,
    Object.fromEntries(env.map(({ name, value }) => [name, value])),
  );
  const result = credentialSchema.safeParse(parseJson(output));
  if (result.success) return result.data.status;
  throw new Error(`the plugin ${command} printed no ExecCredential with a token or a certificate`);
};

const mostMilliseconds = 30_000;
const mostBytes = 1024 * 1024;

const optional = z.string().min(1).optional();
const credentialSchema = z.object({
  status: z
    .object({ token: optional, clientCertificateData: optional, clientKeyData: optional })
    .refine(({ token, clientCertificateData }) => token !== undefined || clientCertificateData !== undefined),
});

const outputOf = (command: string, args: readonly string[], env: Record<string, string>): Promise<string> =>
  new Promise((resolve, reject) => {
    const options = {
      env: { ...usersEnvironment(process.env), ...env },
      timeout: mostMilliseconds,
      maxBuffer: mostBytes,
    };
    const child = execFile(command, args, options, (error, stdout, stderr) => {
      if (error === null) return resolve(stdout);
      // The library's own message repeats the arguments, which may hold secrets.
      const reason =
        stderr.trim() || (error.killed ? `stopped after ${mostMilliseconds} ms` : String(error.code));
      reject(new Error(`the plugin ${command} failed: ${reason.replace(/\s+/g, " ").slice(0, 300)}`));
    });
    // Nobody is there to answer a question.
    child.stdin?.end();
  });

/** The variable in which the local run keeps the user's own `AWS_*` variables while its own point the SDK at this machine. */
export const usersAwsVariables = "ROLLCALL_USERS_AWS_VARIABLES";

/** The environment as the user had it: `aws eks get-token` needs the real account, which the local run hides from the SDK. */
const usersEnvironment = (environment: Readonly<Record<string, string | undefined>>) => {
  const kept = environment[usersAwsVariables];
  if (kept === undefined) return environment;
  const others = Object.entries(environment).filter(
    ([name]) => !name.startsWith("AWS_") && name !== usersAwsVariables,
  );
  return { ...Object.fromEntries(others), ...z.record(z.string(), z.string()).parse(JSON.parse(kept)) };
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's message quotes the text; the caller says that it is no credential.
    return undefined;
  }
};

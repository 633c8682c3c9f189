import { execFile } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { repository } from "../process.ts";

/** The deploy tool, and what SDK clients need to look at the same account. */
export interface Tool {
  /** Runs it to its end; throws with its last lines when it fails. */
  run(words: readonly string[]): Promise<string>;
  readonly client: {
    readonly endpoint: string;
    readonly region: string;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  };
}

/** `endpoint` is the emulator's; no credentials, profile or endpoint of the user's gets to the tool. */
export const tool = (endpoint: string): Tool => {
  const region = "eu-central-1";
  const credentials = { accessKeyId: "rehearsal", secretAccessKey: "rehearsal" };
  const environment = {
    PATH: process.env.PATH ?? "",
    HOME: process.env.HOME ?? "",
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_EC2_METADATA_DISABLED: "true",
    SLS_TELEMETRY_DISABLED: "1",
    SLS_INTERACTIVE_SETUP_ENABLE: "0",
  };
  const run = async (words: readonly string[]) => {
    const file = join(repository, "node_modules/serverless/bin/serverless.js");
    const options = { cwd: repository, env: environment, timeout: 300_000, maxBuffer: 16 * 1024 * 1024 };
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [file, ...words], options);
    return stdout + stderr;
  };
  return { run, client: { endpoint, region, credentials } };
};

/** Deploys a stage with these parameters. */
export const deploy = async (aws: Tool, stage: string, parameters: Readonly<Record<string, string>> = {}) => {
  rmSync(join(repository, ".esbuild"), { recursive: true, force: true });
  const chosen = Object.entries(parameters).flatMap(([name, value]) => ["--param", `${name}=${value}`]);
  await aws.run(["deploy", "--stage", stage, ...chosen]);
};

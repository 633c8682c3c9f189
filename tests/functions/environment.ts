import { after } from "node:test";
import { createDynamoBlobs } from "../../lib/blob/dynamodb.ts";
import { createDynamoAccepted } from "../../lib/config/dynamodb.ts";
import { createClient, createTable } from "../../lib/table/dynamodb.ts";
import { startTableServer } from "../contract/table.ts";

/** The environment as AWS sets it, on a table of this process, for a function that is imported afterwards. */
export const setEnvironment = async (variables: Readonly<Record<string, string>> = {}): Promise<void> => {
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_DYNAMODB: await startTableServer("rollcall"),
    AWS_REGION: "eu-central-1",
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
    TABLE_NAME: "rollcall",
    BUS_NAME: "rollcall",
    DEAD_LETTER_URL: "http://127.0.0.1:9/dead",
    CONFIG_FILE: "prometheus.yml",
    LOG_LEVEL: "error",
    WHERE: "local",
    ...variables,
  });
};

/** The same table, to prepare what a function finds there and to see what it left. */
export const openTable = () => {
  const client = createClient({ endpoint: process.env.AWS_ENDPOINT_URL_DYNAMODB ?? "" });
  after(() => client.destroy());
  const table = createTable("rollcall", { client });
  return { table, blobs: createDynamoBlobs(table) };
};

/** Accepts a configuration, as a tick does. */
export const accept = async ({ main = "", settings, rules }: Texts): Promise<void> => {
  const { table, blobs } = openTable();
  await createDynamoAccepted(table, { blobs, clock: Date.now }).accept({
    main: { path: "prometheus.yml", text: main },
    jobFiles: [],
    settings: { path: "rollcall.yml", text: settings },
    ...(rules !== undefined && { rules: [{ path: "adapter.yml", text: rules }] }),
    servers: {},
    inCluster: false,
  });
};

interface Texts {
  /** No jobs unless given. */
  readonly main?: string;
  readonly settings: string;
  readonly rules?: string;
}

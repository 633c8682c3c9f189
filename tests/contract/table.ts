import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { createRequire } from "node:module";
import { after } from "node:test";
import { CreateTableCommand, type CreateTableCommandInput } from "@aws-sdk/client-dynamodb";
import { parse } from "yaml";
import { createClient, createTable, type Table } from "../../lib/table/dynamodb.ts";
import { listening } from "../fakes/listening.ts";
import { type Meddler, meddling } from "../fakes/meddler.ts";

/** The table of infra/table.yml on a dynalite of this process, reached by the real SDK; closed after the tests. */
export const startTable = (meddler: Meddler = {}): (() => Promise<Table>) => {
  const inner = dynalite({ createTableMs: 0 });
  const innerPort = listening(inner);
  const outer = createServer(meddling(() => innerPort, meddler));
  const started = listening(outer).then(clientFor);
  let made = 0;
  after(async () => {
    (await started).destroy();
    for (const server of [outer, inner]) {
      server.closeAllConnections();
      server.close();
    }
  });
  return async () => {
    const client = await started;
    const name = `rollcall-${++made}`;
    await client.send(new CreateTableCommand({ ...properties(), TableName: name }));
    return createTable(name, { client, backoff: async () => {} });
  };
};

/** A table of that name on a dynalite of this process, for code that makes its own client; closed after the tests. */
export const startTableServer = async (name: string): Promise<string> => {
  const server = dynalite({ createTableMs: 0 });
  const port = await listening(server);
  const client = clientFor(port);
  await client.send(new CreateTableCommand({ ...properties(), TableName: name }));
  client.destroy();
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${port}`;
};

const dynalite: (options: { createTableMs: number }) => Server = createRequire(import.meta.url)("dynalite");

const clientFor = (port: number) =>
  createClient({
    endpoint: `http://127.0.0.1:${port}`,
    region: "eu-central-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  });

/** What the deployed table has and CreateTable takes. */
const properties = (): Omit<CreateTableCommandInput, "TableName"> => {
  const file = readFileSync(new URL("../../infra/table.yml", import.meta.url), "utf8");
  const { BillingMode, AttributeDefinitions, KeySchema, LocalSecondaryIndexes } =
    parse(file).Resources.Table.Properties;
  return { BillingMode, AttributeDefinitions, KeySchema, LocalSecondaryIndexes };
};

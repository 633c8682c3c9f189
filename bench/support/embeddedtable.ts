import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { type Credentials, makeCredentials } from "../../local/credentials.ts";
import { ensureTable } from "../../local/table/dynamodb.ts";
import { startTable } from "../../local/table/table.ts";
import { printTemplate } from "../../local/template/print.ts";
import { readTemplate } from "../../local/template/template.ts";

export interface EmbeddedTable {
  readonly name: string;
  /** What an SDK client needs to reach it. */
  readonly place: {
    readonly endpoint: string;
    readonly region: string;
    readonly credentials: Credentials;
  };
}

/** The table of the local run by itself, empty, in a temporary folder. */
export const withEmbeddedTable = async <Result>(
  work: (table: EmbeddedTable) => Promise<Result>,
): Promise<Result> => {
  const root = join(import.meta.dirname, "../..");
  const printed = await printTemplate(root, join(root, "node_modules", ".cache", "rollcall"));
  // The table's definition names no endpoint.
  const definition = readTemplate(printed, "http://127.0.0.1:9").tables[0]!;
  const folder = mkdtempSync(join(tmpdir(), "rollcall-bench-"));
  const credentials = makeCredentials();
  const service = await startTable({ dataDir: folder, ...credentials });
  const place = { endpoint: service.endpoint, region: "eu-central-1", credentials };
  try {
    await ensureTable(definition, new DynamoDBClient(place));
    return await work({ name: definition.name, place });
  } finally {
    await service.close();
    rmSync(folder, { recursive: true, force: true });
  }
};

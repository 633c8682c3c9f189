import { readFile, writeFile } from "node:fs/promises";
import { stringify } from "yaml";
import * as z from "zod";
import { detailJsonSchemas } from "../../lib/targetgroup/schema.ts";
import { asyncApiDocument } from "./asyncapi.ts";
import { typeDeclarations } from "./typescript.ts";

/**
 * `npm run schemas`: writes the committed contract anew: the JSON Schemas, the AsyncAPI document and the TypeScript types.
 * tests/unit/events/generate.test.ts holds them to the code.
 */
export const contractFiles = async (): Promise<Map<string, string>> => {
  const schemas = detailJsonSchemas();
  const described = await Promise.all(
    [...schemas].map(async ([file, schema]) => ({
      schema,
      example: JSON.parse(await read(file.replace(".schema.", ".example."))),
    })),
  );
  const { version } = z.object({ version: z.string() }).parse(JSON.parse(await read("../../package.json")));
  const asyncApi = asyncApiDocument(described, version);
  return new Map([
    ...[...schemas].map(([file, schema]): [string, string] => [file, `${JSON.stringify(schema, null, 2)}\n`]),
    ["asyncapi.yaml", stringify(asyncApi, { aliasDuplicateObjects: false, lineWidth: 0 })],
    ["events.d.ts", await typeDeclarations([...schemas.values()])],
  ]);
};

const read = (file: string) => readFile(new URL(file, import.meta.url), "utf8");

if (import.meta.main) {
  for (const [file, text] of await contractFiles()) await writeFile(new URL(file, import.meta.url), text);
}

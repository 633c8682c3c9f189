import { readFileSync } from "node:fs";
import * as z from "zod";
import { createClient, createTable, type Table } from "../../lib/table/dynamodb.ts";

const environment = z.object({
  TABLE_NAME: z.string(),
  AWS_ENDPOINT_URL_DYNAMODB: z.string(),
  AWS_REGION: z.string(),
  AWS_ACCESS_KEY_ID: z.string(),
  AWS_SECRET_ACCESS_KEY: z.string(),
});

/** A running program's table, reached as its functions reach it, by the environment that `alone/cloud.ts` wrote down. */
export const tableOf = (file: string): Table => {
  const functions = environment.parse(JSON.parse(readFileSync(file, "utf8")));
  const client = createClient({
    endpoint: functions.AWS_ENDPOINT_URL_DYNAMODB,
    region: functions.AWS_REGION,
    credentials: {
      accessKeyId: functions.AWS_ACCESS_KEY_ID,
      secretAccessKey: functions.AWS_SECRET_ACCESS_KEY,
    },
  });
  return createTable(functions.TABLE_NAME, { client });
};

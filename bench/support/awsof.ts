import { readFileSync } from "node:fs";
import * as z from "zod";
import { createClient as createBusClient } from "../../lib/bus/eventbridge.ts";
import { createClient, createTable, type Table } from "../../lib/table/dynamodb.ts";

const environment = z.object({
  TABLE_NAME: z.string(),
  BUS_NAME: z.string(),
  AWS_ENDPOINT_URL: z.string(),
  AWS_ENDPOINT_URL_DYNAMODB: z.string(),
  AWS_REGION: z.string(),
  AWS_ACCESS_KEY_ID: z.string(),
  AWS_SECRET_ACCESS_KEY: z.string(),
});

/** A running program's table and bus, reached as its functions reach them, by the environment that `alone/cloud.ts` wrote down. */
export const awsOf = (file: string): { table: Table; bus: Bus } => {
  const functions = environment.parse(JSON.parse(readFileSync(file, "utf8")));
  const access = {
    region: functions.AWS_REGION,
    credentials: {
      accessKeyId: functions.AWS_ACCESS_KEY_ID,
      secretAccessKey: functions.AWS_SECRET_ACCESS_KEY,
    },
  };
  const client = createClient({ endpoint: functions.AWS_ENDPOINT_URL_DYNAMODB, ...access });
  return {
    table: createTable(functions.TABLE_NAME, { client }),
    bus: {
      name: functions.BUS_NAME,
      client: createBusClient({ endpoint: functions.AWS_ENDPOINT_URL, ...access }),
    },
  };
};

export interface Bus {
  readonly name: string;
  readonly client: ReturnType<typeof createBusClient>;
}

import { readFileSync, writeFileSync } from "node:fs";
import * as z from "zod";
import { keyNames } from "./condition.ts";
import { callInner, type Inner } from "./inner.ts";

/** DynamoDB's time to live, which dynalite lacks: what is set is kept in a file, and expired items really go. */
export interface TimeToLive {
  /** The answer to UpdateTimeToLive or DescribeTimeToLive; undefined for any other action. */
  answer(action: string, body: Buffer): Promise<{ status: number; body: object } | undefined>;
  /** Goes once over every table that has it on and deletes what expired before `now` (Unix milliseconds); tells how many went. */
  sweep(now: number): Promise<number>;
}

/** `pause` is waited for between two pages of a sweep, so that a large table stays answerable. */
export const createTimeToLive = (options: {
  inner: Inner;
  file: string;
  pause: () => Promise<void>;
}): TimeToLive => {
  const { inner, file, pause } = options;
  const attributes = readSettings(file);
  const describe = (table: string) => {
    const attribute = attributes.get(table);
    return attribute === undefined
      ? { TimeToLiveStatus: "DISABLED" }
      : { TimeToLiveStatus: "ENABLED", AttributeName: attribute };
  };
  const update = (input: z.infer<typeof updateSchema>) => {
    const { AttributeName, Enabled } = input.TimeToLiveSpecification;
    if (Enabled) attributes.set(input.TableName, AttributeName);
    else attributes.delete(input.TableName);
    writeFileSync(file, JSON.stringify(Object.fromEntries(attributes)));
    return { TimeToLiveSpecification: input.TimeToLiveSpecification };
  };
  return {
    async answer(action, body) {
      if (action !== "UpdateTimeToLive" && action !== "DescribeTimeToLive") return undefined;
      const input = schema.safeParse({ action, ...parse(body) });
      if (!input.success) return problem("ValidationException", z.prettifyError(input.error));
      const known = await callInner(inner, "DescribeTable", { TableName: input.data.TableName });
      if (known.status !== 200) return problem("ResourceNotFoundException", "Requested resource not found");
      if (input.data.action === "UpdateTimeToLive") return { status: 200, body: update(input.data) };
      return { status: 200, body: { TimeToLiveDescription: describe(input.data.TableName) } };
    },
    async sweep(now) {
      let gone = 0;
      for (const [table, attribute] of attributes) {
        const keys = await keyNames(inner, table);
        if (keys.length > 0) gone += await sweepTable({ inner, table, attribute, keys, now, pause });
      }
      return gone;
    },
  };
};

interface Sweep {
  readonly inner: Inner;
  readonly table: string;
  readonly attribute: string;
  readonly keys: readonly string[];
  readonly now: number;
  readonly pause: () => Promise<void>;
}

/** Items carry seconds; the delete repeats the condition, since an item's life may have been extended meanwhile. */
const sweepTable = async ({ inner, table, attribute, keys, now, pause }: Sweep): Promise<number> => {
  const expired = {
    TableName: table,
    ExpressionAttributeNames: { "#expires": attribute },
    ExpressionAttributeValues: { ":now": { N: String(Math.floor(now / 1000)) }, ":number": { S: "N" } },
  };
  const condition = "attribute_type(#expires, :number) AND #expires < :now";
  let gone = 0;
  let from: object | undefined;
  do {
    const request = {
      ...expired,
      FilterExpression: condition,
      Limit: 200,
      ...(from && { ExclusiveStartKey: from }),
    };
    const page = JSON.parse((await callInner(inner, "Scan", request)).body);
    for (const item of page.Items ?? []) {
      const key = Object.fromEntries(keys.map((name) => [name, item[name]]));
      const deleted = await callInner(inner, "DeleteItem", {
        ...expired,
        Key: key,
        ConditionExpression: condition,
      });
      if (deleted.status === 200) gone += 1;
    }
    from = page.LastEvaluatedKey;
    if (from) await pause();
  } while (from);
  return gone;
};

const table = z.string().min(1);
const updateSchema = z.object({
  action: z.literal("UpdateTimeToLive"),
  TableName: table,
  TimeToLiveSpecification: z.object({ AttributeName: z.string().min(1).max(255), Enabled: z.boolean() }),
});
const describeSchema = z.object({ action: z.literal("DescribeTimeToLive"), TableName: table });
const schema = z.discriminatedUnion("action", [updateSchema, describeSchema]);

const problem = (type: string, message: string) => ({
  status: 400,
  body: { __type: `com.amazonaws.dynamodb.v20120810#${type}`, message },
});

const parse = (body: Buffer): object => {
  try {
    return Object(JSON.parse(body.toString()));
  } catch {
    return {};
  }
};

/** A file that is absent or unreadable means nothing is set; the next start of the program sets it again from the template. */
const readSettings = (file: string): Map<string, string> => {
  try {
    return new Map(
      Object.entries(z.record(z.string(), z.string()).parse(JSON.parse(readFileSync(file, "utf8")))),
    );
  } catch {
    return new Map();
  }
};

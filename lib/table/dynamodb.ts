import {
  type AttributeValue,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  DynamoDBClient,
  type DynamoDBClientConfig,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { clientDefaults, equip } from "../aws.ts";
import { type Backoff, jitteredBackoff } from "../backoff.ts";
import { inFlight, runsOf } from "../inflight.ts";
import { getBatch, largestGet, largestPut, putBatch } from "./batch/dynamodb.ts";
import { namesIn } from "./expression.ts";
import { pagesOf, type Query } from "./pages/dynamodb.ts";

/** The one table (infra/table.yml). Reads are consistent. In every expression an attribute is written `#name`, since many plain names are reserved. */
export interface Table {
  get(key: Key): Promise<Item | undefined>;
  /** These attributes, or all without any, in no order; keys without an item are left out. */
  getMany(keys: readonly Key[], attributes: readonly string[]): Promise<Item[]>;
  /** Page by page; a page may be empty and not the last. */
  query(query: Query): AsyncGenerator<Item[]>;
  put(item: Item, options?: PutOptions): Promise<Written>;
  /** Unconditional, in no order; what is written when it rejects is not known. */
  putMany(items: readonly Item[]): Promise<void>;
  /** False when the condition does not hold. */
  update(key: Key, expression: string, options: UpdateOptions): Promise<boolean>;
  remove(key: Key): Promise<void>;
}

export type Item = Record<string, AttributeValue>;
export type Values = Record<`:${string}`, AttributeValue>;

export interface Key {
  readonly pk: string;
  readonly sk: string;
}

export interface UpdateOptions {
  readonly condition?: string;
  readonly values: Values;
}

export interface PutOptions {
  readonly condition?: string;
  readonly values?: Values;
  /** Asks for the item that stood there before. */
  readonly previous?: boolean;
  /** Milliseconds after which the write is given up, repetitions included. */
  readonly within?: number;
}

/** Whether the condition held, and what stood there before if that was asked for. */
export interface Written {
  readonly written: boolean;
  readonly previous?: Item | undefined;
}

/** Region, credentials and endpoint of a client come from the environment unless they are given. */
export const createClient = (config: DynamoDBClientConfig = {}): DynamoDBClient => {
  const client = new DynamoDBClient({ ...clientDefaults, base64Decoder, ...config });
  equip(client.middlewareStack, "DynamoDB");
  return client;
};

/** The SDK's own first runs a regular expression over each body, a twelfth of a cold read; what is no group is refused where it is unpacked. */
const base64Decoder = (text: string): Uint8Array => Buffer.from(text, "base64");

export interface TableOptions {
  /** One per process if none is given: connections are kept and shared. */
  readonly client?: DynamoDBClient;
  /** Between the rounds of a batch that was answered in part. */
  readonly backoff?: Backoff;
}

export const createTable = (name: string, options: TableOptions = {}): Table =>
  tableOf(name, options.client ?? sharedClient(), options.backoff ?? batchBackoff);

let shared: DynamoDBClient | undefined;

const sharedClient = () => {
  shared ??= createClient();
  return shared;
};

const tableOf = (name: string, client: DynamoDBClient, backoff: Backoff): Table => ({
  get: async (key) => {
    const answer = await client.send(
      new GetItemCommand({ TableName: name, Key: keyOf(key), ConsistentRead: true }),
    );
    return answer.Item;
  },
  getMany: async (keys, attributes) => {
    const get = (run: Key[]) => getBatch({ client, name, backoff }, run.map(keyOf), attributes);
    return (await inFlight(runsUnderWay, runsOf(largestGet, keys), get)).flat();
  },
  putMany: async (items) => {
    await inFlight(runsUnderWay, runsOf(largestPut, items), (run) =>
      putBatch({ client, name, backoff }, run),
    );
  },
  query: (query) => pagesOf(client, name, query),
  put: async (item, { condition, values, previous = false, within } = {}) => {
    const command = new PutItemCommand({
      TableName: name,
      Item: item,
      ReturnValues: previous ? "ALL_OLD" : "NONE",
      ...conditionOf(condition, values),
    });
    const bound = within === undefined ? {} : { abortSignal: AbortSignal.timeout(within) };
    const answer = await unlessConditionFails(client.send(command, bound));
    return answer === undefined ? { written: false } : { written: true, previous: answer.Attributes };
  },
  update: async (key, expression, { condition, values }) => {
    const command = new UpdateItemCommand({
      TableName: name,
      Key: keyOf(key),
      UpdateExpression: expression,
      ...conditionOf(condition, values),
      ExpressionAttributeNames: namesIn(expression, condition),
    });
    return (await unlessConditionFails(client.send(command))) !== undefined;
  },
  remove: async (key) => {
    await client.send(new DeleteItemCommand({ TableName: name, Key: keyOf(key) }));
  },
});

const runsUnderWay = 8;
const batchBackoff = jitteredBackoff({ first: 50, most: 1_000 });

const keyOf = ({ pk, sk }: Key): Item => ({ pk: { S: pk }, sk: { S: sk } });

const unlessConditionFails = async <Result>(work: Promise<Result>): Promise<Result | undefined> => {
  try {
    return await work;
  } catch (thrown) {
    if (thrown instanceof ConditionalCheckFailedException) return undefined;
    throw thrown;
  }
};

const conditionOf = (condition: string | undefined, values: Values | undefined) => ({
  ...(values && { ExpressionAttributeValues: values }),
  ...(condition && { ConditionExpression: condition, ExpressionAttributeNames: namesIn(condition) }),
});

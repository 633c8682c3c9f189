import {
  type AttributeValue,
  BatchGetItemCommand,
  BatchWriteItemCommand,
  type DynamoDBClient,
} from "@aws-sdk/client-dynamodb";
import type { Backoff } from "../../backoff.ts";
import { TransientError } from "../../errors.ts";
import { itemsIn } from "../answer.ts";
import { namesIn, projectionOf } from "../expression.ts";

export interface Batched {
  readonly client: DynamoDBClient;
  readonly name: string;
  /** Between the rounds of what was answered in part. */
  readonly backoff: Backoff;
}

/** DynamoDB's own limits for one request. */
export const largestGet = 100;
export const largestPut = 25;

/** No attributes are all. A get over 16 MB, or a throttled one, answers a part and names the rest as unprocessed. */
export const getBatch = async (
  { client, name, backoff }: Batched,
  keys: readonly Item[],
  attributes: readonly string[],
): Promise<Item[]> => {
  const projection = attributes.length === 0 ? undefined : projectionOf(attributes);
  const names = projection === undefined ? undefined : namesIn(projection);
  const found: Item[] = [];
  const get = async (pending: readonly Item[]) => {
    const request = {
      Keys: [...pending],
      ConsistentRead: true,
      ProjectionExpression: projection,
      ExpressionAttributeNames: names,
    };
    const answer = await client.send(new BatchGetItemCommand({ RequestItems: { [name]: request } }));
    found.push(...itemsIn(answer.Responses?.[name] ?? [], "BatchGetItem"));
    return itemsIn(answer.UnprocessedKeys?.[name]?.Keys ?? [], "BatchGetItem");
  };
  await untilNothingIsLeft(get, keys, { backoff, command: "BatchGetItem" });
  return found;
};

/** Unconditional, in no order, and not all or nothing: what fails in between is written or not. */
export const putBatch = ({ client, name, backoff }: Batched, items: readonly Item[]): Promise<void> => {
  const put = async (pending: readonly Item[]) => {
    const requests = pending.map((Item) => ({ PutRequest: { Item } }));
    const answer = await client.send(new BatchWriteItemCommand({ RequestItems: { [name]: requests } }));
    const left = itemsIn(answer.UnprocessedItems?.[name] ?? [], "BatchWriteItem");
    return left.map(({ PutRequest }) => PutRequest?.Item).filter((item) => item !== undefined);
  };
  return untilNothingIsLeft(put, items, { backoff, command: "BatchWriteItem" });
};

type Item = Record<string, AttributeValue>;

/** Rounds of what was left unprocessed; a round that brings something does not count. */
const mostRounds = 6;

const untilNothingIsLeft = async (
  round: (pending: readonly Item[]) => Promise<Item[]>,
  all: readonly Item[],
  { backoff, command }: { backoff: Backoff; command: string },
): Promise<void> => {
  let pending = all;
  for (let idle = 0; pending.length > 0; ) {
    const left = await round(pending);
    idle = left.length < pending.length ? 0 : idle + 1;
    if (idle >= mostRounds)
      throw new TransientError(`DynamoDB ${command}: ${left.length} keys stay unprocessed`);
    pending = left;
    if (pending.length > 0) await backoff(idle + 1);
  }
};

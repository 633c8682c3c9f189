import { isDeepStrictEqual } from "node:util";
import { type AttributeValue, type DynamoDBClient, QueryCommand } from "@aws-sdk/client-dynamodb";
import { TransientError } from "../../errors.ts";
import { itemsIn } from "../answer.ts";
import { namesIn, projectionOf } from "../expression.ts";

/** A range of items that have one partition key. */
export interface Query {
  readonly pk: string;
  readonly index?: "moved";
  /** Of the index: moved at or after this, Unix milliseconds. */
  readonly since?: number;
  /** Of the index: moved at or before this, Unix milliseconds. */
  readonly until?: number;
  /** Of the table: sort keys from the first to the last, both included. */
  readonly between?: readonly [first: string, last: string];
  /** The highest sort key, or the last moved, first. */
  readonly backwards?: boolean;
  /** Of the index: begins behind this item, which need not be there any more. */
  readonly after?: { readonly sk: string; readonly moved: number };
  /** Items that a page reads at most, before the filter. */
  readonly most?: number;
  /** All when none are named. */
  readonly attributes?: readonly string[];
  readonly filter?: string;
  readonly values?: Values;
}

/** Page by page, until the table says that it was the last one. */
export async function* pagesOf(client: DynamoDBClient, name: string, query: Query): AsyncGenerator<Item[]> {
  const [condition, values] = rangeOf(query);
  const projection = query.attributes && projectionOf(query.attributes);
  let start: Item | undefined = startOf(query);
  do {
    const answer = await client.send(
      new QueryCommand({
        TableName: name,
        ConsistentRead: true,
        KeyConditionExpression: condition,
        ExpressionAttributeNames: namesIn(condition, projection, query.filter),
        ExpressionAttributeValues: { ":pk": { S: query.pk }, ...values, ...query.values },
        ...(query.index && { IndexName: query.index }),
        ...(query.backwards && { ScanIndexForward: false }),
        ...(query.most !== undefined && { Limit: query.most }),
        ...(projection && { ProjectionExpression: projection }),
        ...(query.filter && { FilterExpression: query.filter }),
        ...(start && { ExclusiveStartKey: start }),
      }),
    );
    // An answer without any is none: who took it for an empty page would lose what there is.
    yield itemsIn(answer.Items, "Query");
    if (start !== undefined && isDeepStrictEqual(answer.LastEvaluatedKey, start))
      throw new TransientError("DynamoDB Query: a page ends where it began");
    start = answer.LastEvaluatedKey ?? undefined;
  } while (start !== undefined);
}

/** A sort key may have one condition only, so two bounds are one `BETWEEN`. */
const rangeOf = ({ since, until, between }: Query): [string, Values] => {
  if (between !== undefined) {
    const [first, last] = between;
    return ["#pk = :pk AND #sk BETWEEN :first AND :last", { ":first": { S: first }, ":last": { S: last } }];
  }
  if (since === undefined && until === undefined) return ["#pk = :pk", {}];
  const last = until === undefined ? {} : { ":until": { N: String(until) } };
  if (since === undefined) return ["#pk = :pk AND #moved <= :until", last];
  const first = { ":since": { N: String(since) } };
  if (until === undefined) return ["#pk = :pk AND #moved >= :since", first];
  return ["#pk = :pk AND #moved BETWEEN :since AND :until", { ...first, ...last }];
};

const startOf = ({ pk, after }: Query): Item | undefined =>
  after && { pk: { S: pk }, sk: { S: after.sk }, moved: { N: String(after.moved) } };

type Item = Record<string, AttributeValue>;
type Values = Record<`:${string}`, AttributeValue>;

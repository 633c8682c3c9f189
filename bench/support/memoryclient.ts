import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  ConditionalCheckFailedException,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  type PutItemCommandInput,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { holdsStill } from "../../lib/pool/item.ts";
import type { Item } from "../../lib/table/dynamodb.ts";

/**
 * A table client that answers out of this process, at once: what is timed with it is our own work alone. It knows the
 * requests and the conditions that a reducer has, and throws at any other.
 */
export const createMemoryClient = (): DynamoDBClient => {
  const client = new DynamoDBClient({ region: "local" });
  const items = new Map<string, Item>();
  client.send = async (command: object): Promise<object> => answer(command, items);
  return client;
};

type Items = Map<string, Item>;

const answer = (command: object, items: Items): object => {
  if (command instanceof PutItemCommand) return put(command.input, items);
  if (command instanceof GetItemCommand) return { Item: items.get(keyOf(command.input.Key)) };
  // The generation of a provider, which nobody reads here.
  if (command instanceof UpdateItemCommand) return {};
  if (command instanceof BatchGetItemCommand) {
    const [[table, { Keys = [] }] = ["", {}]] = Object.entries(command.input.RequestItems ?? {});
    return {
      Responses: { [table]: Keys.map((key) => items.get(keyOf(key))).filter((item) => item !== undefined) },
    };
  }
  if (command instanceof BatchWriteItemCommand) {
    for (const { PutRequest } of Object.values(command.input.RequestItems ?? {}).flat())
      items.set(keyOf(PutRequest?.Item), PutRequest?.Item ?? {});
    return {};
  }
  throw new Error(`a reducer makes no ${command.constructor.name}`);
};

const put = (input: PutItemCommandInput, items: Items): object => {
  const { Item: item = {}, ConditionExpression: condition, ExpressionAttributeValues: values = {} } = input;
  const held = items.get(keyOf(item));
  if (condition !== undefined && !holds(condition, held, values))
    throw new ConditionalCheckFailedException({ message: "The conditional request failed", $metadata: {} });
  items.set(keyOf(item), item);
  return {};
};

const nothingHeld = holdsStill(undefined).condition;

const holds = (condition: string, held: Item | undefined, values: Item): boolean => {
  if (condition === nothingHeld) return held === undefined;
  if (!condition.startsWith("#epoch = :epoch AND #sequence = :sequence"))
    throw new Error(`unknown: ${condition}`);
  return held?.epoch?.N === values[":epoch"]?.N && held?.sequence?.N === values[":sequence"]?.N;
};

const keyOf = ({ pk, sk }: Item = {}) => `${pk?.S} ${sk?.S}`;

import * as z from "zod";

/** One AWS call that a function made. */
export interface Call {
  /** `serve`. */
  readonly function: string;
  /** `DynamoDB_20120810.GetItem`, as the SDK says in `X-Amz-Target`; of services without it `s3.GetObject` and the like. */
  readonly target: string;
  readonly input: unknown;
}

/** What IAM asks of a call: one for each resource that it touches. */
export interface Request {
  readonly function: string;
  readonly action: string;
  readonly resource: string;
  /** Condition keys with their values; several where a key has several. */
  readonly keys: Readonly<Record<string, readonly string[]>>;
}

/** Where the names in calls lead. */
export interface Account {
  /** ARN of a table, bus, queue, parameter or EKS cluster. */
  arnOf(service: "table" | "bus" | "queue" | "parameter" | "cluster", name: string): string;
}

/** The requests behind a call, as the Service Authorization Reference has its actions, resources and condition keys. Throws for a call that it does not know. */
export const requestsOf = (call: Call, account: Account): Request[] => {
  const [prefix = "", verb = ""] = call.target.split(".");
  const service = services[prefix];
  if (service === undefined) throw new Error(`no such service is known: ${call.target}`);
  return service.read(verb, call.input, account).map(({ resource, keys }) => ({
    function: call.function,
    action: `${service.name}:${verb}`,
    resource,
    keys,
  }));
};

type Read = (verb: string, input: unknown, account: Account) => Pick<Request, "resource" | "keys">[];

const attributes = z.record(z.string(), z.record(z.string(), z.unknown()));
const one = z.object({
  TableName: z.string(),
  IndexName: z.string().optional(),
  Key: attributes.optional(),
  Item: attributes.optional(),
  ExpressionAttributeValues: attributes.optional(),
});
const gets = z.object({ RequestItems: z.record(z.string(), z.object({ Keys: z.array(attributes) })) });
const puts = z.object({
  RequestItems: z.record(z.string(), z.array(z.object({ PutRequest: z.object({ Item: attributes }) }))),
});

const pkOf = (item: z.infer<typeof attributes> | undefined): string => String(item?.pk?.S);
const leading = (keys: readonly string[]) => ({ "dynamodb:LeadingKeys": [...new Set(keys)] });

const readTable: Read = (verb, input, account) => {
  const table = (name: string) => account.arnOf("table", name);
  if (verb === "BatchGetItem") {
    const { RequestItems } = gets.parse(input);
    return Object.entries(RequestItems).map(([name, { Keys }]) => ({
      resource: table(name),
      keys: leading(Keys.map(pkOf)),
    }));
  }
  if (verb === "BatchWriteItem") {
    const { RequestItems } = puts.parse(input);
    return Object.entries(RequestItems).map(([name, items]) => ({
      resource: table(name),
      keys: leading(items.map(({ PutRequest }) => pkOf(PutRequest.Item))),
    }));
  }
  const { TableName, IndexName, Key, Item, ExpressionAttributeValues } = one.parse(input);
  const index = IndexName === undefined ? "" : `/index/${IndexName}`;
  const key = verb === "Query" ? String(ExpressionAttributeValues?.[":pk"]?.S) : pkOf(Key ?? Item);
  return [{ resource: `${table(TableName)}${index}`, keys: leading([key]) }];
};

const entries = z.object({
  Entries: z.array(z.object({ EventBusName: z.string(), Source: z.string(), DetailType: z.string() })),
});

const readBus: Read = (_verb, input, account) =>
  entries.parse(input).Entries.map(({ EventBusName, Source, DetailType }) => ({
    resource: account.arnOf("bus", EventBusName),
    keys: { "events:source": [Source], "events:detail-type": [DetailType] },
  }));

const sent = z.object({ QueueUrl: z.string() });

const readQueue: Read = (_verb, input, account) => [
  { resource: account.arnOf("queue", sent.parse(input).QueueUrl.split("/").at(-1) ?? ""), keys: {} },
];

const object = z.object({ bucket: z.string(), key: z.string(), prefix: z.string().optional() });

const readBucket: Read = (verb, input) => {
  const { bucket, key, prefix = "" } = object.parse(input);
  if (verb === "ListBucket") return [{ resource: `arn:aws:s3:::${bucket}`, keys: { "s3:prefix": [prefix] } }];
  return [{ resource: `arn:aws:s3:::${bucket}/${key}`, keys: {} }];
};

const readParameter: Read = (_verb, input, account) => [
  {
    resource: account.arnOf("parameter", z.object({ Name: z.string() }).parse(input).Name.replace(/^\//, "")),
    keys: {},
  },
];

/** What is asked for by its ARN. */
const readNamed =
  (name: string): Read =>
  (_verb, input) => [{ resource: String(z.record(z.string(), z.unknown()).parse(input)[name]), keys: {} }];

const readCluster: Read = (_verb, input, account) => [
  { resource: account.arnOf("cluster", z.object({ name: z.string() }).parse(input).name), keys: {} },
];

const services: Readonly<Record<string, { name: string; read: Read }>> = {
  DynamoDB_20120810: { name: "dynamodb", read: readTable },
  AWSEvents: { name: "events", read: readBus },
  AmazonSQS: { name: "sqs", read: readQueue },
  AmazonSSM: { name: "ssm", read: readParameter },
  secretsmanager: { name: "secretsmanager", read: readNamed("SecretId") },
  s3: { name: "s3", read: readBucket },
  sts: { name: "sts", read: readNamed("RoleArn") },
  eks: { name: "eks", read: readCluster },
};

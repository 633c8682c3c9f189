import { hash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import fc from "fast-check";
import { createClient as busClient, createEventBridgeBus } from "../../../lib/bus/eventbridge.ts";
import { createDynamoReloads } from "../../../lib/config/dynamodb.ts";
import {
  createSecretsManager,
  createClient as secretsClient,
} from "../../../lib/credential/secretsmanager.ts";
import { createParameterStore, createClient as parametersClient } from "../../../lib/credential/ssm.ts";
import { createDeadLetters, createClient as queueClient } from "../../../lib/deadletter/sqs.ts";
import { createS3Files, createClient as filesClient } from "../../../lib/files/s3.ts";
import { createDynamoLeases } from "../../../lib/lease/dynamodb.ts";
import { createTable, type Item, createClient as tableClient } from "../../../lib/table/dynamodb.ts";
import { answers } from "../answers.ts";
import type { Door } from "../door.ts";
import { password } from "../line.ts";
import type { Sound } from "../wire.ts";

const key = { pk: { S: "a" }, sk: { S: "b" } };
const item: Item = { ...key, v: { N: "1" }, successful: { N: "1" }, successAt: { N: "1764000000000" } };
const lease: Item = {
  ...key,
  v: { N: "1" },
  epoch: { N: "1764000000" },
  holder: { S: "x" },
  until: { N: "9e15" },
};

/** By operation, as the services' own references have them. */
const documents: Readonly<Record<string, object>> = {
  GetItem: { Item: item },
  BatchGetItem: { Responses: { t: [item] }, UnprocessedKeys: {} },
  UpdateItem: { Attributes: lease },
  PutItem: { Attributes: item },
  PutEvents: { FailedEntryCount: 0, Entries: [{ EventId: "1" }] },
  SendMessage: { MessageId: "1", MD5OfMessageBody: hash("md5", "body") },
  GetParameter: { Parameter: { Name: "a", Type: "SecureString", Value: "made up", Version: 1 } },
  GetSecretValue: { Name: "a", SecretString: "made up", VersionId: "1" },
};

const soundly = (request: IncomingMessage): Sound => {
  const operation = String(request.headers["x-amz-target"]).replace(/^.*\./, "");
  const headers = { "content-type": "application/x-amz-json-1.1" };
  if (operation !== "Query") return { document: documents[operation], headers };
  // Two pages.
  const isFirst = !request.headers["content-length"] || Number(request.headers["content-length"]) < 200;
  return { document: { Items: [item], Count: 1, ...(isFirst && { LastEvaluatedKey: key }) }, headers };
};

type Config = ReturnType<typeof configOf>;
type Ask = (config: Config) => Promise<unknown>;

const tableOf = (config: Config) =>
  createTable("t", { client: tableClient(config), backoff: async () => {} });

const pagesOf = async (pages: AsyncIterable<Item[]>) => {
  const found: Item[][] = [];
  for await (const page of pages) found.push(page);
  return found;
};

const asks: Readonly<Record<string, Ask>> = {
  get: (config) => tableOf(config).get({ pk: "a", sk: "b" }),
  getMany: (config) => tableOf(config).getMany([{ pk: "a", sk: "b" }], []),
  query: (config) => pagesOf(tableOf(config).query({ pk: "a" })),
  put: (config) => tableOf(config).put(item, { previous: true }),
  reloads: (config) => createDynamoReloads(tableOf(config)).read(),
  lease: (config) => createDynamoLeases(tableOf(config), { clock: () => 0 }).holder("east"),
  bus: (config) =>
    createEventBridgeBus("b", { client: busClient(config), backoff: async () => {} }).put([
      { detailType: "Discovery Due", detail: {} },
    ]),
  letters: (config) =>
    createDeadLetters(`${config.endpoint}/1/dead`, queueClient(config)).send({ body: "body", reason: "r" }),
  parameter: (config) => createParameterStore(parametersClient(config))("a"),
  secret: (config) => createSecretsManager(secretsClient(config))("a"),
};

const readFile: Ask = async (config) => {
  const files = createS3Files(filesClient({ ...config, forcePathStyle: true }));
  return (await files.read("s3://conf/prometheus.yml", 1_000_000)).bytes;
};

const configOf = ({ origin: endpoint }: URL) => {
  const credentials = { accessKeyId: "test", secretAccessKey: password };
  return { endpoint, region: "eu-central-1", credentials, maxAttempts: 1 };
};

/** What the services of AWS answer, read by the SDK. */
export const aws: Door = {
  name: "aws",
  runs: 60,
  open: async (scope) => [
    await answers(scope, {
      samples: fc.constantFrom(...Object.keys(asks)),
      soundly: (_ask, _url, request) => soundly(request),
      slow: false,
      // A document without a member is an answer.
      except: ["other"],
      ask: async (server, ask) => asks[ask]?.(configOf(server)),
      share: 0.8,
    }),
    await answers(scope, {
      name: "is a whole object, or refused in one line",
      samples: fc.constant("scrape_configs: []\n"),
      soundly: (text) => ({ text, headers: { etag: '"1"', "content-type": "application/yaml" } }),
      slow: false,
      // An object is bytes, whatever they are, and its encoding its owner's affair.
      except: ["other", "long", "gzip", "badGzip", "cutGzip", "bomb", "encoding"],
      ask: (server) => readFile(configOf(server)),
      share: 0.2,
    }),
  ],
};

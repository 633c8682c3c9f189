import assert from "node:assert/strict";
import { createServer } from "node:http";
import { describe, test } from "node:test";
import { TransientError } from "../../../lib/errors.ts";
import { createClient, createTable } from "../../../lib/table/dynamodb.ts";
import { itemAt, text } from "../../../lib/table/item.ts";
import { type AwsAnswer, startAwsService } from "../../fakes/awsservice.ts";
import { listening } from "../../fakes/listening.ts";

const key = { pk: "group#swarm/0#0", sk: "a" };

const startTable = async (answer: (tries: number) => AwsAnswer | Promise<AwsAnswer>) => {
  const operations: string[] = [];
  const service = await startAwsService((operation) => {
    operations.push(operation);
    return answer(operations.length);
  });
  return { operations, table: createTable("rollcall", { client: createClient(service.config) }) };
};

const failure = (type: string, status = 400): AwsAnswer => ({
  status,
  body: { __type: type, message: "why" },
});

describe("the table", () => {
  test("gives a write up after its bound, asking for another try", async () => {
    const { table } = await startTable(() => new Promise(() => {}));
    await assert.rejects(table.put(itemAt(key, {}), { within: 30 }), (error) => {
      assert.ok(error instanceof TransientError);
      assert.match(error.message, /^DynamoDB PutItem: /);
      return true;
    });
  });

  const query = async (body: object, status = 200) => {
    const { table } = await startTable(() => ({ status, body }));
    for await (const page of table.query({ pk: "a" })) void page;
  };

  test("takes an answer of nothing for none, since a table without items would lose what there is", async () => {
    await assert.rejects(query({}), /^TransientError: DynamoDB Query: the answer has no list of items$/);
    await assert.rejects(query({ Items: "a" }), { name: "TransientError" });
    await assert.rejects(query({ Items: [null] }), { name: "TransientError" });
    const nothing = /^TransientError: DynamoDB Query: status 204 without a document is no answer$/;
    await assert.rejects(query({}, 204), nothing);
    const { table } = await startTable(() => ({ body: { Responses: { rollcall: { a: 1 } } } }));
    await assert.rejects(table.getMany([key], []), { name: "TransientError" });
  });

  test("gives up a query whose pages end where they begin", async () => {
    const page = { Items: [], LastEvaluatedKey: { pk: { S: "a" }, sk: { S: "b" } } };
    await assert.rejects(query(page), /DynamoDB Query: a page ends where it began$/);
  });

  test("tells in one line, and in no parser's words, of an answer that it cannot read", async () => {
    const server = createServer((_request, response) => void response.end('{"Item": secret'));
    const credentials = { accessKeyId: "test", secretAccessKey: "test" };
    const endpoint = `http://127.0.0.1:${await listening(server)}`;
    const client = createClient({ endpoint, region: "eu-central-1", credentials, maxAttempts: 1 });
    const message = "DynamoDB GetItem: the answer is not what the service's protocol has";
    await assert.rejects(createTable("rollcall", { client }).get(key), { message });
    server.close();
  });

  test("says that a condition does not hold as a value, and asks only once", async () => {
    const failed = failure("com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException");
    const { table, operations } = await startTable(() => failed);
    const condition = "attribute_not_exists(#pk)";
    assert.deepEqual(await table.put(itemAt(key, {}), { condition }), { written: false });
    assert.equal(await table.update(key, "SET #n = :n", { condition, values: { ":n": text("x") } }), false);
    assert.deepEqual(operations, ["PutItem", "UpdateItem"]);
  });

  test("tries again by itself what passes, such as a throttle", async () => {
    const throttle = failure("com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException");
    const { table, operations } = await startTable((tries) => (tries < 3 ? throttle : { body: {} }));
    assert.equal(await table.get(key), undefined);
    assert.equal(operations.length, 3);
  });

  test("asks for another try where rights or the table are missing: an operator can repair that", async () => {
    for (const type of [
      "AccessDeniedException",
      "com.amazonaws.dynamodb.v20120810#ResourceNotFoundException",
    ]) {
      const { table } = await startTable(() => failure(type));
      await assert.rejects(table.get(key), (error) => {
        assert.ok(error instanceof TransientError && error.cause instanceof Error);
        assert.equal(error.message, "DynamoDB GetItem: why");
        return true;
      });
    }
  });

  test("calls a wrong request permanent", async () => {
    const { table, operations } = await startTable(() =>
      failure("com.amazon.coral.validate#ValidationException"),
    );
    await assert.rejects(table.get(key), (error) => !(error instanceof TransientError));
    assert.equal(operations.length, 1);
  });

  test("asks nothing for no keys", async () => {
    const { table, operations } = await startTable(() => ({ body: {} }));
    assert.deepEqual(await table.getMany([], ["sk"]), []);
    assert.equal(operations.length, 0);
  });
});

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { before, describe, test } from "node:test";
import { fetchSecrets } from "../../../../docs/examples/subscribers/webhook/secrets.ts";
import { type Answering, serverFor } from "./world.ts";

/** The real SDK client asks; the server speaks Secrets Manager's protocol. */
const telling = (value: () => object | undefined): Answering => {
  return ({ headers, body }, response) => {
    const told = value();
    assert.equal(headers["x-amz-target"], "secretsmanager.GetSecretValue");
    const { SecretId } = JSON.parse(body);
    const [status, answer] =
      told === undefined
        ? [400, { __type: "ResourceNotFoundException", message: "no such secret" }]
        : [200, { ARN: SecretId, Name: SecretId, SecretString: JSON.stringify(told) }];
    response.writeHead(status, { "content-type": "application/x-amz-json-1.1" }).end(JSON.stringify(answer));
  };
};

describe("the secrets of the webhook subscriber", () => {
  before(() => {
    Object.assign(process.env, {
      AWS_REGION: "eu-central-1",
      AWS_ACCESS_KEY_ID: "LOCAL",
      AWS_SECRET_ACCESS_KEY: randomBytes(20).toString("hex"),
      AWS_EC2_METADATA_DISABLED: "true",
    });
  });

  test("are read once in five minutes, so that a rotated one is taken up, and outlive an outage", async (context) => {
    let told: object | undefined = { webhook_secret: "whsec_AAAA", rollcall_token: "t", note: "ignored" };
    let now = 0;
    const server = await serverFor(
      context,
      telling(() => told),
    );
    process.env.AWS_ENDPOINT_URL_SECRETS_MANAGER = server.url;
    const secrets = fetchSecrets("arn:of:it", () => now);
    assert.deepEqual(await secrets(), { webhookSecret: "whsec_AAAA", rollcallToken: "t" });
    told = { webhook_secret: "whsec_BBBB" };
    now = 299_999;
    assert.equal((await secrets()).webhookSecret, "whsec_AAAA");
    assert.equal(server.received.length, 1);
    now = 300_000;
    assert.deepEqual(await secrets(), { webhookSecret: "whsec_BBBB", rollcallToken: undefined });
    told = undefined;
    now = 600_000;
    assert.equal((await secrets()).webhookSecret, "whsec_BBBB");
    assert.equal(server.received.length, 3);
  });

  test("that were never read are an error with the secret's name and nothing of its content", async (context) => {
    const answers = [undefined, { webhook_secret: "hunter2" }, { rollcall_token: "t" }];
    for (const told of answers) {
      const server = await serverFor(
        context,
        telling(() => told),
      );
      process.env.AWS_ENDPOINT_URL_SECRETS_MANAGER = server.url;
      await assert.rejects(fetchSecrets("arn:of:it")(), { message: "the secret arn:of:it cannot be read" });
    }
  });
});

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type Call, requestsOf } from "../../policy/request.ts";

const account = { arnOf: (service: string, name: string) => `arn:${service}/${name}` };
const request = (target: string, input: unknown) => {
  const call: Call = { function: "tick", target, input };
  return requestsOf(call, account).map(({ action, resource, keys }) => ({ action, resource, keys }));
};

describe("what IAM is asked for a call", () => {
  const cases: [target: string, input: unknown, action: string, resource: string, keys: object][] = [
    ["s3.GetObject", { bucket: "b", key: "p/x.yml" }, "s3:GetObject", "arn:aws:s3:::b/p/x.yml", {}],
    [
      ...(["s3.ListBucket", { bucket: "b", key: "", prefix: "p/jobs/" }, "s3:ListBucket"] as const),
      ...(["arn:aws:s3:::b", { "s3:prefix": ["p/jobs/"] }] as const),
    ],
    ["AmazonSSM.GetParameter", { Name: "/a/b" }, "ssm:GetParameter", "arn:parameter/a/b", {}],
    ["secretsmanager.GetSecretValue", { SecretId: "arn:s" }, "secretsmanager:GetSecretValue", "arn:s", {}],
    ["sts.AssumeRole", { Action: "AssumeRole", RoleArn: "arn:r" }, "sts:AssumeRole", "arn:r", {}],
    ["eks.DescribeCluster", { name: "prod" }, "eks:DescribeCluster", "arn:cluster/prod", {}],
  ];
  for (const [target, input, action, resource, keys] of cases) {
    test(`names action, resource and keys of ${target}`, () => {
      assert.deepEqual(request(target, input), [{ action, resource, keys }]);
    });
  }

  test("is not known of another service, which is an error", () => {
    assert.throws(() => request("Kinesis_20131202.PutRecord", {}), /no such service is known/);
  });
});

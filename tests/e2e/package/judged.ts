import type { Cloud } from "../../../local/cloud.ts";
import { createResolve, type Place, type Resolve } from "../../../local/template/intrinsics.ts";
import type { Printed } from "../../../local/template/printed.ts";
import { decide, type Resolved } from "../../policy/evaluate.ts";
import { type Account, type Call, type Request, requestsOf } from "../../policy/request.ts";
import { type Right, unusedRights } from "../../policy/usage.ts";
import { ofType } from "../../template-rules/resources.ts";
import { toStatement, writtenStatements } from "../../template-rules/statements.ts";
import { functionNames } from "./bundles.ts";

/** What the policies of the template say to the calls of the functions. */
export interface Judgement {
  /** Calls that would be refused, one line each. */
  readonly refused: readonly string[];
  /** Rights that no call needed. */
  readonly unused: readonly Right[];
}

/** Judges by the role of each function, then by the bus's own policy. */
export const judgeCalls = (printed: Printed, cloud: Cloud, calls: readonly Call[]): Judgement => {
  const place = placeOf(printed, cloud);
  const resolve = createResolve(printed, place);
  const requests = calls.flatMap((call) => requestsOf(call, accountOf(place)));
  const bus = busStatements(printed, resolve);
  const roles = new Map(
    functionNames.map((name) => [String(name), roleStatements(printed, roleOf(name), resolve)]),
  );
  const refused = requests.flatMap((request) => {
    const principal = resolve({ "Fn::GetAtt": [roleOf(request.function), "Arn"] });
    const keys = { ...request.keys, "aws:PrincipalArn": [String(principal)] };
    const byRole = decide(roles.get(request.function) ?? [], request);
    const byBus = decide(bus, { ...request, keys });
    return byRole === "allowed" && byBus !== "denied"
      ? []
      : [lineOf(request, `${byRole} by role, ${byBus} by bus`)];
  });
  const unused = functionNames.flatMap((name) => {
    const own = requests.filter((request) => request.function === name);
    return unusedRights(roleOf(name), roles.get(name) ?? [], own);
  });
  return { refused: [...new Set(refused)], unused: unused.filter((right) => !isExcused(right)) };
};

const roleOf = (name: string) => `${name.charAt(0).toUpperCase()}${name.slice(1)}Role`;

const lineOf = ({ function: name, action, resource, keys }: Request, why: string) =>
  `${name}: ${action} on ${resource} with ${JSON.stringify(keys)} is ${why}`;

/** What AWS itself does by a function's role, which no call of the function shows. */
const byAws: readonly [RegExp, RegExp, string][] = [
  [/^sqs:(ReceiveMessage|DeleteMessage|GetQueueAttributes)$/, /-Changes$/, "Lambda's poller reads the queue"],
  [/^sqs:SendMessage$/, /-FailedOrders$/, "Lambda itself tells the failure destination"],
  [/^kms:Decrypt$/, /:key\//, "S3, SSM and Secrets Manager decrypt on behalf of who asks them"],
];

/** Whoever reads objects may list: without it S3 says *forbidden* for one that is not there. */
const isForMissing = ({ role, action }: Right) =>
  ["CollectRole", "RelistRole", "AdaptRole"].includes(role) && action === "s3:ListBucket";

const isExcused = (right: Right) =>
  isForMissing(right) ||
  byAws.some(([actions, resources]) => actions.test(right.action) && resources.test(right.resource));

/** Without those that write logs, which Lambda does and whose group has no name here. */
const roleStatements = ({ resources }: Printed, role: string, resolve: Resolve): Resolved[] =>
  writtenStatements(resources.Resources, role)
    .filter((one) => !JSON.stringify(one).includes('"logs:'))
    .flatMap((one) => resolve([one]))
    .map(resolved);

const busStatements = ({ resources }: Printed, resolve: Resolve): Resolved[] =>
  ofType(resources.Resources, "AWS::Events::EventBusPolicy").map(([, { Properties }]) =>
    resolved(resolve(Properties?.Statement)),
  );

const resolved = (statement: unknown): Resolved => {
  const read = toStatement(statement);
  return { ...read, resources: read.resources.map(String) };
};

const placeOf = ({ service, provider }: Printed, { template, endpoint }: Cloud): Place => ({
  ...{ endpoint, account: template.account, region: template.region },
  stack: provider.stackName ?? `${service}-${provider.stage}`,
});

const accountOf = ({ region, account }: Place): Account => ({
  arnOf: (service, name) => {
    if (service === "table") return `arn:aws:dynamodb:${region}:${account}:table/${name}`;
    if (service === "parameter") return `arn:aws:ssm:${region}:${account}:parameter/${name}`;
    if (service === "cluster") return `arn:aws:eks:${region}:${account}:cluster/${name}`;
    if (service === "bus") return `arn:aws:events:${region}:${account}:event-bus/${name}`;
    return `arn:aws:sqs:${region}:${account}:${name}`;
  },
});

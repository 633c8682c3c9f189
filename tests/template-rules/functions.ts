import * as z from "zod";
import { arnOf, listOf, type Named, ofType, type Resources } from "./resources.ts";
import { statementsOfRole } from "./statements.ts";

/** Functions that AWS would refuse or that nothing may start, and logs that are kept for ever. */
export const functionFindings = (resources: Resources): string[] => [
  ...ofType(resources, "AWS::Lambda::Function").flatMap((one) => machineFindings(resources, one)),
  ...ofType(resources, "AWS::Events::Rule").flatMap((one) => permissionFindings(resources, one)),
  ...ofType(resources, "AWS::Scheduler::Schedule").flatMap((one) => schedulerFindings(resources, one)),
];

/** Seconds that Lambda gives at most. */
const longest = 900;

const machineFindings = (resources: Resources, [name, { Properties }]: Named): string[] => {
  const { Timeout, Architectures, Runtime } = machine.parse(Properties);
  const group = resources[name.replace(/LambdaFunction$/, "LogGroup")];
  return [
    ...(Timeout > longest ? [`${name}: a function has ${longest} s at most, not ${Timeout}`] : []),
    ...(Architectures.includes("arm64") ? [] : [`${name}: runs on ${Architectures.join()}, not arm64`]),
    ...(Runtime === "nodejs24.x" ? [] : [`${name}: runs on ${Runtime}, not nodejs24.x`]),
    ...(group?.Properties?.RetentionInDays === undefined ? [`${name}: its log is kept for ever`] : []),
  ];
};

const machine = z.object({
  Timeout: z.number().default(3),
  Architectures: z.array(z.string()).default(["x86_64"]),
  Runtime: z.string(),
});

const targets = z.array(z.object({ Arn: z.unknown() }));

/** A rule starts a function only if the function's own policy lets that rule; a schedule without it deploys and never fires. */
const permissionFindings = (resources: Resources, [rule, { Properties }]: Named): string[] =>
  targets
    .parse(Properties?.Targets)
    .flatMap(({ Arn }) => arnOf(Arn) ?? [])
    .filter((name) => resources[name]?.Type === "AWS::Lambda::Function")
    .filter((name) => !mayStart(resources, { rule, name, ruleName: Properties?.Name }))
    .map((name) => `${rule}: may not start ${name}`);

const mayStart = (resources: Resources, asked: { rule: string; name: string; ruleName: unknown }): boolean =>
  ofType(resources, "AWS::Lambda::Permission").some(([, { Properties }]) => {
    const { FunctionName, Action, Principal, SourceArn } = Object(Properties);
    const isFrom = arnOf(SourceArn) === asked.rule || names(SourceArn, asked.ruleName);
    const isFor = arnOf(FunctionName) === asked.name;
    return isFor && isFrom && Action === "lambda:InvokeFunction" && Principal === "events.amazonaws.com";
  });

/** A rule on a bus is named in a joined text. */
const names = (source: unknown, ruleName: unknown): boolean =>
  typeof ruleName === "string" && JSON.stringify(source ?? "").includes(`"${ruleName}"`);

/** A schedule of EventBridge Scheduler acts by a role. */
const schedulerFindings = (resources: Resources, [name, { Properties }]: Named): string[] => {
  const { Arn, RoleArn } = Object(Properties?.Target);
  const [started, role] = [arnOf(Arn), arnOf(RoleArn)];
  if (role === undefined) return [`${name}: has no role of the template to start anything by`];
  const may = statementsOfRole(resources, role).some(
    ({ effect, actions, resources: places }) =>
      effect === "Allow" &&
      actions.includes("lambda:InvokeFunction") &&
      listOf(places).map(arnOf).includes(started),
  );
  return may ? [] : [`${name}: its role ${role} may not start ${started}`];
};

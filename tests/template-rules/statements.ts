import * as z from "zod";
import { arnOf, listOf, type Named, ofType, type Resources, withBranches } from "./resources.ts";

/** One statement of a policy, its lists made lists. */
export interface Statement {
  readonly effect: string;
  readonly principal: unknown;
  readonly actions: readonly string[];
  readonly resources: readonly unknown[];
  readonly condition: Readonly<Record<string, unknown>>;
}

/** Every statement that a role may have, whatever the conditions of the template say. */
export const statementsOfRole = (resources: Resources, role: string): Statement[] =>
  statementsOf({ Statement: writtenStatements(resources, role) });

/** The same as the template has them, conditions and references included. */
export const writtenStatements = (resources: Resources, role: string): unknown[] => {
  const { Policies } = rolePolicies.parse(resources[role]?.Properties);
  return Policies.flatMap(({ PolicyDocument }) => documentSchema.parse(PolicyDocument).Statement);
};

/** The role of a function, by its name in the template. Throws when it is given otherwise than by `!GetAtt`. */
export const roleOf = ([name, { Properties }]: Named): string => {
  const role = arnOf(Properties?.Role);
  if (role === undefined) throw new Error(`${name}: its role is none of the template's`);
  return role;
};

/** The statements that open or close queues to services, of every queue policy. */
export const queueStatements = (resources: Resources): Statement[] =>
  ofType(resources, "AWS::SQS::QueuePolicy").flatMap(([, { Properties }]) =>
    statementsOf(Properties?.PolicyDocument),
  );

export const statementsOf = (document: unknown): Statement[] => {
  const { Statement } = documentSchema.parse(document);
  return withBranches(Statement).flatMap((one) => (isNothing(one) ? [] : [toStatement(one)]));
};

const rolePolicies = z.object({ Policies: z.array(z.object({ PolicyDocument: z.unknown() })) });
const documentSchema = z.object({ Statement: z.array(z.unknown()) });
const statementSchema = z.object({
  Effect: z.enum(["Allow", "Deny"]),
  Principal: z.unknown().optional(),
  Action: z.union([z.string(), z.array(z.string())]),
  Resource: z.unknown(),
  Condition: z.record(z.string(), z.unknown()).default({}),
});

const isNothing = (value: unknown) => z.object({ Ref: z.literal("AWS::NoValue") }).safeParse(value).success;

export const toStatement = (value: unknown): Statement => {
  const { Effect, Principal, Action, Resource, Condition } = statementSchema.parse(value);
  return {
    effect: Effect,
    principal: Principal,
    actions: [Action].flat(),
    resources: listOf(Resource),
    condition: Condition,
  };
};

import { isDeepStrictEqual } from "node:util";
import { arnOf, listOf, ofType, type Resources } from "./resources.ts";
import { roleOf, type Statement, statementsOfRole, toStatement } from "./statements.ts";

/** A bus that others may put on: every scraper would believe what they announce. */
export const busFindings = (resources: Resources): string[] => {
  const putters = puttersOf(resources);
  const denials = ofType(resources, "AWS::Events::EventBusPolicy").map(([, { Properties }]) =>
    toStatement(Properties?.Statement),
  );
  const buses = ofType(resources, "AWS::Events::EventBus").map(([name]) => name);
  return buses
    .filter((bus) => !denials.some((one) => closes(one, bus, putters)))
    .map((bus) => `${bus}: its policy lets others than ${putters.join(", ")} put events`);
};

const puttersOf = (resources: Resources): string[] =>
  ofType(resources, "AWS::Lambda::Function")
    .map(roleOf)
    .filter((role) =>
      statementsOfRole(resources, role).some(
        ({ effect, actions }) => effect === "Allow" && actions.includes("events:PutEvents"),
      ),
    )
    .toSorted();

/** Denies everybody but exactly those, whatever is put. */
const closes = (
  { effect, principal, actions, resources, condition }: Statement,
  bus: string,
  putters: string[],
) => {
  const { ArnNotEquals, ...others } = condition;
  const spared = listOf(Object(ArnNotEquals)["aws:PrincipalArn"]).map(arnOf).toSorted();
  return (
    effect === "Deny" &&
    principal === "*" &&
    actions.includes("events:PutEvents") &&
    resources.map(arnOf).includes(bus) &&
    Object.keys(others).length === 0 &&
    isDeepStrictEqual(spared, putters)
  );
};

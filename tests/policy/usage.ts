import type { Resolved } from "./evaluate.ts";
import { applies } from "./evaluate.ts";
import type { Request } from "./request.ts";

/** One right that a role gives: an action, on one of a statement's resources, and for the bus one type of event. */
export interface Right {
  readonly role: string;
  readonly action: string;
  readonly resource: string;
  readonly detailType?: string;
}

/** What a role gives that none of its function's requests ever used. */
export const unusedRights = (
  role: string,
  statements: readonly Resolved[],
  requests: readonly Request[],
): Right[] =>
  statements
    .filter(({ effect }) => effect === "Allow")
    .flatMap((statement) => partsOf(role, statement))
    .filter(({ part }) => !requests.some((request) => applies(part, request)))
    .map(({ right }) => right);

/** A statement taken apart until each part gives one right. */
const partsOf = (role: string, statement: Resolved) =>
  statement.actions.flatMap((action) =>
    statement.resources.flatMap((resource) => {
      const types = detailTypesOf(statement);
      if (types.length === 0)
        return [
          {
            right: { role, action, resource },
            part: { ...statement, actions: [action], resources: [resource] },
          },
        ];
      return types.map((detailType) => ({
        right: { role, action, resource, detailType },
        part: {
          ...statement,
          actions: [action],
          resources: [resource],
          condition: forType(statement, detailType),
        },
      }));
    }),
  );

const detailType = "events:detail-type";
const detailTypesOf = ({ condition }: Resolved): string[] =>
  [Object(condition.StringEquals)[detailType] ?? []].flat().map(String);

const forType = ({ condition }: Resolved, type: string) => ({
  ...condition,
  StringEquals: { ...Object(condition.StringEquals), [detailType]: type },
});

import * as z from "zod";
import { detailSchemas, targetGroupChanged } from "./event.ts";

/** A detail's JSON Schema (draft 2020-12), its title being the detail type. */
export interface DetailSchema {
  readonly [keyword: string]: unknown;
  readonly title: string;
}

/** One per detail type, by the file it is committed as in `docs/events`. */
export const detailJsonSchemas = (): Map<string, DetailSchema> =>
  new Map(
    Object.entries(detailSchemas).map(([detailType, schema]): [string, DetailSchema] => [
      `${detailType.toLowerCase().replaceAll(" ", "-")}.schema.json`,
      {
        title: detailType,
        ...z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }),
        ...beyond[detailType],
      },
    ]),
  );

/** Rules between fields, which zod keeps as code. */
const beyond: Readonly<Record<string, object>> = {
  [targetGroupChanged]: { oneOf: [{ required: ["group"] }, { required: ["claim"] }] },
};

import { compile } from "json-schema-to-typescript";
import * as z from "zod";
import { eventSource } from "../../lib/targetgroup/event.ts";
import type { DetailSchema } from "../../lib/targetgroup/schema.ts";
import { keyOf } from "./asyncapi.ts";

/**
 * The contract as TypeScript declarations for subscribers, who copy the file: a type per detail, one for each event as
 * EventBridge hands it over, and their union.
 */
export const typeDeclarations = async (schemas: readonly DetailSchema[]): Promise<string> => {
  const keys = schemas.map(({ title }) => keyOf(title));
  return [
    "// Written by `npm run schemas`; the JSON Schemas beside it say more: bounds, patterns, formats.\n",
    ...(await Promise.all(schemas.map(detailOf))),
    exactlyOne,
    envelope,
    ...schemas.map(({ title }) => {
      const key = keyOf(title);
      return `export type ${key}Event = RollcallEnvelope<"${title}", ${key}>;`;
    }),
    `\n/** Told apart by \`detail-type\`. */\nexport type RollcallEvent =\n${keys.map((key) => `  | ${key}Event`).join("\n")};\n`,
  ].join("\n");
};

/** Fields that exclude each other (`oneOf` of `required`) become a union, which the generator has no word for. */
const detailOf = async (schema: DetailSchema): Promise<string> => {
  const { oneOf, ...rest } = schema;
  const key = keyOf(schema.title);
  if (oneOf === undefined) return compile({ ...rest, title: key }, key, options);
  const names = exclusive.parse(oneOf).flatMap(({ required }) => required);
  const text = await compile({ ...rest, title: `${key}Fields` }, `${key}Fields`, options);
  const union = names.map((name) => `"${name}"`).join(" | ");
  return `${text}\nexport type ${key} = ExactlyOne<${key}Fields, ${union}>;\n`;
};

/** Anything else would need another type. */
const exclusive = z.array(z.strictObject({ required: z.tuple([z.string()]) }));

const options = { bannerComment: "", additionalProperties: false };

const exactlyOne = `type ExactlyOne<Fields, Names extends keyof Fields> = Omit<Fields, Names> &
  { [Name in Names]: Required<Pick<Fields, Name>> & { [Other in Exclude<Names, Name>]?: never } }[Names];
`;

const envelope = `/** EventBridge's own fields. Its \`id\` is another one each time that an event is put: the key of a change is its version. */
export interface RollcallEnvelope<DetailType extends string, Detail> {
  version: "0";
  id: string;
  "detail-type": DetailType;
  source: "${eventSource}";
  account: string;
  time: string;
  region: string;
  resources: string[];
  detail: Detail;
}
`;

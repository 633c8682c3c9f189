import * as z from "zod";

/** A packaged template's resources, as far as the rules read them. */
export const templateSchema = z.object({
  Resources: z.record(
    z.string(),
    z.object({
      Type: z.string(),
      Properties: z.record(z.string(), z.unknown()).optional(),
      DependsOn: z.union([z.string(), z.array(z.string())]).optional(),
    }),
  ),
});
export type Resources = z.infer<typeof templateSchema>["Resources"];
export type Named = [string, Resources[string]];

export const ofType = (resources: Resources, type: string): Named[] =>
  Object.entries(resources).filter(([, { Type }]) => Type === type);

/** The name in `!GetAtt NAME.Arn`, or nothing for another value. */
export const arnOf = (value: unknown): string | undefined => {
  const parsed = getArn.safeParse(value);
  return parsed.success ? parsed.data["Fn::GetAtt"][0] : undefined;
};

const getArn = z.object({ "Fn::GetAtt": z.tuple([z.string(), z.literal("Arn")]) });
const conditional = z.object({ "Fn::If": z.tuple([z.string(), z.unknown(), z.unknown()]) });

/** Every value that a list may have in it, whatever the conditions say. */
export const withBranches = (list: readonly unknown[]): unknown[] =>
  list.flatMap((one) => {
    const parsed = conditional.safeParse(one);
    return parsed.success ? withBranches(parsed.data["Fn::If"].slice(1)) : [one];
  });

/** A value as a list: IAM and others take one for a list of one. */
export const listOf = (value: unknown): unknown[] =>
  Array.isArray(value) ? value : value === undefined ? [] : [value];

/** Every text within a value, those inside intrinsic functions too. */
export const textsIn = (value: unknown): string[] => {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(textsIn);
};

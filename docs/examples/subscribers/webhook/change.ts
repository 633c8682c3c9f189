import * as z from "zod";

/** A changed target group as its event has it; docs/events has the whole contract. */
export type Change = z.infer<typeof changeSchema>;
export type Labels = Readonly<Record<string, string>>;
export type Group = z.infer<typeof groupSchema>;

/** What SQS hands over. */
export const readRecords = (event: unknown) => batchSchema.parse(event).Records;

/** The change in a message's body, which is EventBridge's envelope. Fields that nobody knows are left out, not refused. */
export const readChange = (body: string): Change => {
  const { detail } = read("the message", envelopeSchema, body);
  if (detail.schema !== 1) throw new Error(`detail.schema is ${detail.schema}; this version reads schema 1`);
  return accept("the event", changeSchema, detail);
};

export const readGroup = (text: string): Group => read("the claimed group", groupSchema, text);

/** By hand, since zod's record leaves out the name `__proto__`, which a label may have. */
const labels = z.custom<Labels>(
  (value) => value instanceof Object && Object.values(value).every((one) => typeof one === "string"),
  "must be label names with text values",
);
const groupSchema = z.object({ source: z.string().min(1), labels, targets: z.array(labels) });
const count = z.number().int().nonnegative();

const changeSchema = z
  .object({
    provider: z.string().min(1),
    cluster: z.string().min(1),
    jobs: z.array(z.string()),
    change: z.enum(["updated", "removed"]),
    version: z.object({ epoch: count, sequence: count }),
    hash: z.string().regex(/^[0-9a-f]{64}$/),
    observedAt: z.iso.datetime(),
    group: groupSchema.optional(),
    claim: z.object({ source: z.string().min(1), bytes: count, href: z.string().min(1) }).optional(),
  })
  .refine(({ group, claim }) => (group === undefined) !== (claim === undefined), {
    message: "exactly one of group and claim",
  });

const envelopeSchema = z.object({
  source: z.literal("rollcall.discovery"),
  "detail-type": z.literal("Target Group Changed"),
  detail: z.looseObject({ schema: z.number() }),
});

const batchSchema = z.object({ Records: z.array(z.object({ messageId: z.string(), body: z.string() })) });

const read = <T>(what: string, schema: z.ZodType<T>, text: string): T => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The engine's own message quotes the text.
    throw new Error(`${what} is no JSON`);
  }
  return accept(what, schema, value);
};

const accept = <T>(what: string, schema: z.ZodType<T>, value: unknown): T => {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Error(`${what}: ${issue?.path.join(".")} ${issue?.message}`);
};

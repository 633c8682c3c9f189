import { eventSource } from "../../lib/targetgroup/event.ts";
import type { DetailSchema } from "../../lib/targetgroup/schema.ts";

/** A detail's schema and a full example of its event. */
interface Described {
  readonly schema: DetailSchema;
  readonly example: unknown;
}

/**
 * The contract as an AsyncAPI 3.0 document (https://www.asyncapi.com/docs/reference/specification/v3.0.0): one channel, the
 * bus, which Rollcall sends to; one message per detail type, whose payload is EventBridge's envelope around the detail.
 */
export const asyncApiDocument = (described: readonly Described[], version: string): object => {
  const titles = described.map(({ schema }) => schema.title);
  return {
    asyncapi: "3.0.0",
    info: { title: "Rollcall's events", version, license: { name: "Apache-2.0" }, description: about },
    defaultContentType: "application/json",
    channels: {
      bus: {
        address: null,
        title: "The EventBridge bus, named after Rollcall's stack",
        messages: Object.fromEntries(titles.map((title) => [keyOf(title), refTo("messages", title)])),
      },
    },
    operations: Object.fromEntries(titles.map((title) => [`send${keyOf(title)}`, sending(title)])),
    components: {
      messages: Object.fromEntries(described.map((one) => [keyOf(one.schema.title), messageOf(one)])),
      schemas: Object.fromEntries([
        ["Envelope", envelope],
        ...described.map(({ schema: { $schema, ...schema } }) => [keyOf(schema.title), schema]),
      ]),
    },
  };
};

/** `Target Group Changed` is `TargetGroupChanged` wherever a name must be one word. */
export const keyOf = (detailType: string): string => detailType.replaceAll(" ", "");

const sending = (title: string) => ({
  action: "send",
  channel: { $ref: "#/channels/bus" },
  messages: [{ $ref: `#/channels/bus/messages/${keyOf(title)}` }],
});

const about = `Everything that Rollcall puts on its bus. Events come at least once and in any order: of two events for one source of one
provider the one with the later version (epoch, then sequence) holds. Ignore fields that you do not know, and refuse a schema
number that you do not know. A group over 60 kB is not in its event: follow claim.href below the door's URL with a token for one
of the jobs, within 48 hours. The bus carries announcements, not the pool: who keeps a state begins with GET /api/v1/groups.`;

const refTo = (kind: "messages" | "schemas", detailType: string) => ({
  $ref: `#/components/${kind}/${keyOf(detailType)}`,
});

/** A payload's schema names no dialect; ours use nothing that the drafts since 7 differ in. */
const messageOf = ({ schema: { title, description }, example }: Described) => ({
  name: keyOf(title),
  title,
  summary: description,
  payload: {
    allOf: [
      { $ref: "#/components/schemas/Envelope" },
      { type: "object", properties: { "detail-type": { const: title }, detail: refTo("schemas", title) } },
    ],
  },
  examples: [{ payload: example }],
});

/** Amazon EventBridge User Guide, "Event structure". */
const envelope = {
  type: "object",
  description: "EventBridge's own fields",
  properties: {
    version: { const: "0" },
    id: {
      type: "string",
      description: "another one each time that an event is put, so no key for the reader",
    },
    "detail-type": { type: "string" },
    source: { const: eventSource },
    account: { type: "string" },
    time: { type: "string", format: "date-time" },
    region: { type: "string" },
    resources: { type: "array", items: { type: "string" } },
    detail: { type: "object" },
  },
  required: ["version", "id", "detail-type", "source", "account", "time", "region", "resources", "detail"],
};

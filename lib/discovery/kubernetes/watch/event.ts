import { reasonOf } from "../../../errors.ts";
import { AnswerStatus, oneLine } from "../answer.ts";
import { integer, type Json, record, text } from "../objects/decode.ts";
import { decodeMeta, type KubernetesObject, type ObjectMeta } from "../objects/meta.ts";
import { nameOf } from "../request.ts";
import type { Resource } from "../resources.ts";
import { Interruption } from "./interruption.ts";

/** One event of a watch, with the version of the cluster that it leads to. */
export type WatchEvent<T extends KubernetesObject> =
  | { readonly type: "put"; readonly object: T; readonly version: string }
  | { readonly type: "removed"; readonly meta: ObjectMeta; readonly version: string }
  | {
      readonly type: "bookmark";
      readonly version: string;
      /** Everything there was has been sent (WatchList). */
      readonly endsInitial: boolean;
    };

/**
 * One line of a watch. Throws an Interruption that names the place: for a line that is none, for an object that cannot be
 * decoded, and for the server's own ERROR event, then with the status as cause.
 */
export const readEvent = <T extends KubernetesObject>(
  line: string,
  resource: Resource<T>,
  place: string,
): WatchEvent<T> => {
  try {
    const event = record(JSON.parse(line), "event");
    const object = record(event.object, "object");
    if (event.type === "ERROR") throw serverError(object, place);
    return eventOf(text(event.type, "type"), object, resource);
  } catch (cause) {
    if (cause instanceof Interruption) throw cause;
    // A parser quotes the document, so only that it failed is told.
    const reason = cause instanceof SyntaxError ? "a line is not valid JSON" : reasonOf(cause);
    throw new Interruption("unreliable", `${place}: the watch cannot be read: ${reason}`);
  }
};

const eventOf = <T extends KubernetesObject>(
  type: string,
  object: Json,
  resource: Resource<T>,
): WatchEvent<T> => {
  const version = versionOf(object);
  switch (type) {
    case "ADDED":
    case "MODIFIED":
      return { type: "put", object: decoded(object, resource, resource.decode), version };
    case "DELETED":
      return { type: "removed", meta: decoded(object, resource, decodeMeta), version };
    case "BOOKMARK":
      return { type: "bookmark", version, endsInitial: endsInitial(object) };
    default:
      throw new Error(`type: expected ADDED, MODIFIED, DELETED, BOOKMARK or ERROR, got ${oneLine(type)}`);
  }
};

const versionOf = ({ metadata }: Json): string => {
  const version = text(record(metadata, "metadata").resourceVersion, "metadata.resourceVersion");
  if (version === "") throw new Error("metadata.resourceVersion: expected a version, got nothing");
  return version;
};

const endsInitial = ({ metadata }: Json): boolean =>
  record(record(metadata, "metadata").annotations, "metadata.annotations")["k8s.io/initial-events-end"] ===
  "true";

const decoded = <T>(object: Json, { name }: { name: string }, decode: (object: Json) => T): T => {
  try {
    return decode(object);
  } catch (cause) {
    throw new Error(`${name} ${nameOf(object)}: ${reasonOf(cause)}`);
  }
};

/** A `Status` in place of an object. Whatever it says, the watch is over and may have left something out. */
const serverError = (object: Json, place: string): Interruption => {
  const code = integer(object.code, "object.code");
  const reason = text(object.reason, "object.reason");
  const seconds = integer(record(object.details, "object.details").retryAfterSeconds, "retryAfterSeconds");
  const status = [code === 0 ? "" : String(code), reason].filter((word) => word !== "").join(" ");
  const message = oneLine(`${status}: ${text(object.message, "object.message")}`);
  const expired = code === 410 || reason === "Expired" || reason === "Gone";
  return new Interruption(expired ? "expired" : "unreliable", `${place}: the watch failed: ${message}`, {
    cause: new AnswerStatus(code, message, seconds > 0 ? seconds * 1000 : undefined),
  });
};

/** What a Kubernetes API answers when it does not do what was asked: a `Status` object (spec B9). */
export class ApiStatus extends Error {
  override name = "ApiStatus";
  readonly code: number;
  readonly reason: string | undefined;
  readonly details: object | undefined;

  constructor(
    code: number,
    message: string,
    { reason, details }: { reason?: string; details?: object } = {},
  ) {
    super(message);
    this.code = code;
    this.reason = reason;
    this.details = details;
  }
}

export const statusDocument = ({ code, message, reason, details }: ApiStatus) => ({
  kind: "Status",
  apiVersion: "v1",
  metadata: {},
  status: "Failure",
  message,
  ...(reason !== undefined && { reason }),
  ...(details !== undefined && { details }),
  code,
});

/** `resource` as it is written in the path. */
export const metricNotFound = (metric: string, resource: string): ApiStatus =>
  new ApiStatus(404, `the server could not find the metric ${metric} for ${resource}`, notFound);

export const valueNotFound = (metric: string, resource: string, name: string): ApiStatus =>
  new ApiStatus(404, `the server could not find the metric ${metric} for ${resource} ${name}`, notFound);

/** `resource` of a group as `pods` or `podmetrics.metrics.k8s.io`. */
export const objectNotFound = (resource: string, name: string): ApiStatus => {
  const [kind = "", ...group] = resource.split(".");
  const details = { name, ...(group.length > 0 && { group: group.join(".") }), kind };
  return new ApiStatus(404, `${resource} "${name}" not found`, { reason: "NotFound", details });
};

export const nothingThere = (): ApiStatus =>
  new ApiStatus(404, "the server could not find the requested resource", { reason: "NotFound", details: {} });

export const badRequest = (message: string): ApiStatus =>
  new ApiStatus(400, message, { reason: "BadRequest" });

export const internalError = (message: string): ApiStatus =>
  new ApiStatus(500, `Internal error occurred: ${message}`, {
    reason: "InternalError",
    details: { causes: [{ message }] },
  });

/** Upstream's for errors without a type of their own. */
export const untypedError = (message: string): ApiStatus => new ApiStatus(500, message);

export const unauthorized = (): ApiStatus => new ApiStatus(401, "Unauthorized", { reason: "Unauthorized" });

export const tooManyRequests = (): ApiStatus =>
  new ApiStatus(429, "too many requests: the cluster would be asked too often who may", {
    reason: "TooManyRequests",
    details: { retryAfterSeconds: 1 },
  });

const notFound = { reason: "NotFound" };

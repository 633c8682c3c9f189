/** Events in the shape in which AWS hands them to a function (Lambda Developer Guide), cut to one of each kind. */

/** A schedule's `input`, which stands for the whole event. */
export const scheduled = { schedule: "tick" };

/** From a rule of the bus. */
export const discoveryDueEvent = (detail: unknown) => fromBus("Discovery Due", detail);
export const relayDueEvent = (detail: unknown) => fromBus("Relay Due", detail);

const fromBus = (detailType: string, detail: unknown) => ({
  version: "0",
  id: "0d079340-135a-c8c6-95c2-41fb8f496c53",
  "detail-type": detailType,
  source: "rollcall.discovery",
  account: "000000000000",
  time: "2026-11-22T12:00:00Z",
  region: "eu-central-1",
  resources: [],
  detail,
});

/** From the REST door, by its proxy integration. */
export const restRequest = (path: string) => ({
  resource: "/{path+}",
  path: `/${path}`,
  httpMethod: "GET",
  headers: { Host: "127.0.0.1:9095", Accept: "application/json" },
  multiValueHeaders: { Host: ["127.0.0.1:9095"], Accept: ["application/json"] },
  queryStringParameters: null,
  multiValueQueryStringParameters: null,
  pathParameters: { path },
  stageVariables: null,
  requestContext: { identity: { sourceIp: "127.0.0.1" }, httpMethod: "GET", stage: "dev" },
  body: null,
  isBase64Encoded: false,
});

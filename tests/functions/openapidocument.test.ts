import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Validator } from "@seriousme/openapi-schema-validator";
import { openApiDocument } from "../../docs/openapi/document.ts";
import { modelOperations } from "../../docs/openapi/model.ts";
import { operations } from "../../docs/openapi/routes.ts";
import { usageOperations } from "../../docs/openapi/usage.ts";
import { servedPaths } from "../../lib/serve/routes.ts";
import { document } from "./described.ts";
import { templateRoutes } from "./templateroutes.ts";

describe("the OpenAPI document", () => {
  test("is what the code says (npm run schemas writes it)", () => {
    assert.deepEqual(document, JSON.parse(JSON.stringify(openApiDocument())));
  });

  test("is one, by the schema of OpenAPI 3.1", async () => {
    const validator = new Validator();
    const { valid, errors } = await validator.validate(structuredClone(document));
    assert.ok(valid, JSON.stringify(errors));
    assert.equal(validator.version, "3.1");
  });

  test("has every route of serve's router, and no other", () => {
    const served = servedPaths.map((path) => `get /${path}`);
    const told = gets.map(({ path }) => `get ${rootOf(path, served)}`);
    assert.deepEqual(told.sort(), served.sort());
  });

  test("has something for every route of the template, and what it has is that function's", () => {
    const told = Object.entries({ serve: gets, tick: posts, model }).flatMap(([name, own]) =>
      own.map(({ method, path }) => ({ name, method: method.toUpperCase(), path })),
    );
    const leading = told.map(({ method, path }) => {
      const fitting = routes.filter((route) => route.method === method && leadsTo(route.path, path));
      return fitting.sort((a, b) => literal(b.path) - literal(a.path))[0];
    });
    assert.deepEqual(
      told.filter(({ name }, at) => leading[at]?.function !== name),
      [],
      "in the document, but no route of that function leads there",
    );
    assert.deepEqual(
      routes.filter((route) => !leading.includes(route)),
      [],
      "routes that the document lacks",
    );
    assert.equal(Object.values(document.paths).flatMap((own) => Object.keys(own)).length, told.length);
  });
});

const gets = operations.filter(({ method }) => method === "get");
const posts = operations.filter(({ method }) => method === "post");
const model = [...modelOperations, ...usageOperations];
const routes = templateRoutes();

/** Of several routes the one that says most has it. */
const literal = (route: string) => route.replaceAll(/\{\w+\+?\}/g, "").length;

/** Whether a route of the template is one for the document's path. */
const leadsTo = (route: string, path: string) => {
  const form = route
    .replace(/^\//, "")
    .replaceAll(/\{\w+(\+?)\}/g, (_, all) => (all === "" ? "[^/]+" : ".+"));
  return new RegExp(`^/${form}$`).test(path);
};

/** A route that stands for all below ends before the first parameter. */
const rootOf = (path: string, served: readonly string[]) =>
  served.find((one) => one.endsWith("/") && one !== "get /" && `get ${path}`.startsWith(one))?.slice(4) ??
  path;

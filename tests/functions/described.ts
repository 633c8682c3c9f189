import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import type { openApiDocument } from "../../docs/openapi/document.ts";
import type { Operation } from "../../docs/openapi/operation.ts";
import type { Asked, Exchange } from "./door.ts";

const file = new URL("../../docs/openapi/openapi.json", import.meta.url);

/** The document as it is committed. */
export const document: ReturnType<typeof openApiDocument> = JSON.parse(readFileSync(file, "utf8"));

/** Holds answers to what the document says of these operations, and keeps in mind what it has seen of it. */
export const createDescribed = (operations: readonly Operation[]) => {
  const seen = new Set<string>();
  const operationFor = (method: string, target: string) => {
    const path = target.replace(/\?.*$/s, "");
    const found = operations.find((one) => one.method === method.toLowerCase() && fits(one.path, path));
    assert.ok(found, `${method} ${path} is not in the document`);
    return found;
  };
  /** Throws where an answer is not what the document says. */
  const hold = (target: string, asked: Asked, exchange: Exchange) => {
    const operation = operationFor(asked.method ?? "GET", target);
    const place = `${operation.method} ${operation.path}`;
    const about = `${place} ${target} ${exchange.status}: ${exchange.body.slice(0, 300)}`;
    assert.ok(operation.answers[exchange.status], `status not in the document: ${about}`);
    seen.add(`${place} ${exchange.status}`);
    const names = [
      ...new URLSearchParams(/\?(.*)$/s.exec(target)?.[1] ?? "").keys(),
      ...Object.keys(asked.headers ?? {}),
    ];
    for (const name of names) seen.add(`${place} ?${name.toLowerCase()}`);
    for (const { name } of operation.parameters.filter((one) => one.in === "path"))
      seen.add(`${place} ?${name}`);
    securityHeaders(exchange, about);
    holdBody(operation, exchange, about);
  };
  /** What the document has and no answer, or question, had. */
  const unseen = (): string[] =>
    operations
      .flatMap(({ method, path, parameters, answers }) => [
        ...Object.keys(answers).map((status) => `${method} ${path} ${status}`),
        ...parameters.map(
          ({ name, in: place }) => `${method} ${path} ?${place === "path" ? name : name.toLowerCase()}`,
        ),
      ])
      .filter((one) => !seen.has(one));
  return { hold, operationFor, unseen };
};

/** Names of jobs and metrics may have slashes. */
const fits = (template: string, path: string) =>
  new RegExp(`^${template.replace(/\{(job|metric)\}/g, ".+").replace(/\{\w+\}/g, "[^/]+")}$`).test(path);

const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats.default(ajv);

/** The document's schemas, but closed: in a test a member that it does not know is a mistake. */
const closed = (schema: unknown): unknown => {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== "object" || schema === null) return schema;
  const entries = Object.entries(schema).map(([key, value]) => [key, closed(value)]);
  const isOpen = "properties" in schema && !("additionalProperties" in schema);
  return { ...Object.fromEntries(entries), ...(isOpen && { additionalProperties: false }) };
};

/** What a `$ref` stands for. */
const resolved = (part: unknown): unknown => {
  const reference = typeof part === "object" && part !== null && "$ref" in part ? String(part.$ref) : "";
  if (reference === "") return part;
  return reference
    .split("/")
    .slice(1)
    .reduce((held: unknown, name) => Reflect.get(Object(held), name), document);
};

const holdBody = ({ method, path, answers }: Operation, exchange: Exchange, about: string) => {
  if (answers[exchange.status]?.content === undefined) return assert.equal(exchange.body, "", about);
  const type = exchange.headers["content-type"]?.split(";")[0] ?? "";
  const response = resolved(document.paths[path]?.[method]?.responses[exchange.status]);
  const content = Reflect.get(Object(Reflect.get(Object(response), "content")), type);
  assert.ok(content, `media type ${type} not in the document: ${about}`);
  const schema = resolved(content.schema);
  if (schema === undefined) return;
  const validate = ajv.compile(closed(schema) as object);
  assert.ok(validate(JSON.parse(exchange.body)), `${about}\n${JSON.stringify(validate.errors)}`);
};

const securityHeaders = ({ headers }: Exchange, about: string) => {
  assert.equal(headers["x-content-type-options"], "nosniff", about);
  assert.equal(headers["x-frame-options"], "DENY", about);
  assert.equal(headers["referrer-policy"], "no-referrer", about);
  assert.match(
    String(headers["content-security-policy"]),
    /default-src 'none'.*frame-ancestors 'none'/,
    about,
  );
  assert.equal(headers["cross-origin-resource-policy"], "same-origin", about);
};

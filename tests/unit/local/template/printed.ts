import assert from "node:assert/strict";
import { join, resolve } from "node:path";
import { printTemplate } from "../../../../local/template/print.ts";
import { type Printed, printedSchema } from "../../../../local/template/printed.ts";
import { readTemplate } from "../../../../local/template/template.ts";

export const root = resolve(import.meta.dirname, "../../../..");

export const endpoint = "http://127.0.0.1:4000";

export const printed = await printTemplate(root, join(root, "node_modules", ".cache", "rollcall"));

export const real = readTemplate(printed, endpoint);

/** The real template with one thing changed. */
export const changed = (change: (copy: Changeable) => void): Printed => {
  const copy = structuredClone(printed);
  change(copy);
  return printedSchema.parse(copy);
};

export type Changeable = Printed;

export const ofFunction = (copy: Changeable, name: string) => {
  const found = copy.functions[name];
  assert.ok(found);
  return found;
};

/** A reference as `Fn::Sub` writes it. */
export const to = (name: string) => `$\{${name}}`;

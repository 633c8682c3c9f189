import { Refusal, type Type } from "../../config/decode.ts";
import { fieldsOf, struct } from "../../config/struct.ts";
import { boolean, mapOf, refined, text } from "../../config/types.ts";
import { labelPattern } from "../naming/labelpattern.ts";
import { TemplateError } from "../template/error.ts";
import { parseTemplate, type Template } from "../template/template.ts";
import type { GroupResource, ResourceMapping } from "./rules.ts";

export const noMapping: ResourceMapping = { overrides: new Map(), namespaced: true };

/** `resources` of a rule (spec B2). */
export const resourcesBlock: Type<ResourceMapping> = struct<ResourceMapping>({
  name: "config.ResourceMapping",
  zero: noMapping,
  begin: (decoder) => {
    const field = fieldsOf(decoder);
    let template: Template | undefined;
    let overrides: ReadonlyMap<string, GroupResource | undefined> | undefined;
    let namespaced = true;
    return {
      fields: {
        template: field(labelTemplate, (value) => (template = value)),
        overrides: field(
          mapOf("map[string]config.GroupResource", { key: text, value: groupResource }),
          (value) => {
            overrides = value;
          },
        ),
        namespaced: field(boolean, (value) => (namespaced = value)),
      },
      finish: () => ({
        ...(template && { template }),
        overrides: new Map(
          [...(overrides ?? [])].flatMap(([label, resource]) => (resource ? [[label, resource]] : [])),
        ),
        namespaced,
      }),
    };
  },
});

const labelTemplate = refined<string, Template | undefined>(text, undefined, (written, place) => {
  if (written === "") return undefined;
  try {
    const template = parseTemplate(written);
    labelPattern(template);
    return template;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const what = error instanceof TemplateError ? "the template does not parse: " : "";
    throw new Refusal(place, `resources.template: ${what}${error.message}`);
  }
});

const groupResource: Type<GroupResource | undefined> = struct<GroupResource | undefined>({
  name: "config.GroupResource",
  zero: undefined,
  begin: (decoder) => {
    const field = fieldsOf(decoder);
    const draft = { group: "", resource: "" };
    return {
      fields: {
        group: field(text, (value) => (draft.group = value)),
        resource: field(text, (value) => (draft.resource = value)),
      },
      finish: (at) => {
        if (draft.resource === "") throw new Refusal(at("resource"), "an override needs a resource");
        return draft;
      },
    };
  },
});

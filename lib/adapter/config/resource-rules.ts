import type { Type } from "../../config/decode.ts";
import { duration } from "../../config/durations.ts";
import { fieldsOf, struct } from "../../config/struct.ts";
import { text } from "../../config/types.ts";
import { noMapping, resourcesBlock } from "./resources.ts";
import type { ResourceMapping, ResourceRule, ResourceRules } from "./rules.ts";
import { emptyTemplate, templateText } from "./templates.ts";

/** `resourceRules` (spec B2); its queries have no defaults. */
export const resourceRulesBlock: Type<ResourceRules | undefined> = struct<ResourceRules | undefined>({
  name: "config.ResourceRules",
  zero: undefined,
  begin: (decoder) => {
    const field = fieldsOf(decoder);
    const draft = { cpu: nothing, memory: nothing, window: 0 };
    return {
      fields: {
        cpu: field(ruleBlock, (value) => (draft.cpu = value)),
        memory: field(ruleBlock, (value) => (draft.memory = value)),
        window: field(duration, (value) => (draft.window = value)),
      },
      finish: () => draft,
    };
  },
});

const nothing: ResourceRule = {
  containerQuery: emptyTemplate,
  nodeQuery: emptyTemplate,
  resources: noMapping,
  containerLabel: "",
};

const ruleBlock: Type<ResourceRule> = struct<ResourceRule>({
  name: "config.ResourceRule",
  zero: nothing,
  begin: (decoder) => {
    const field = fieldsOf(decoder);
    const draft = { ...nothing, resources: noMapping as ResourceMapping };
    return {
      fields: {
        containerQuery: field(templateText("containerQuery"), (value) => (draft.containerQuery = value)),
        nodeQuery: field(templateText("nodeQuery"), (value) => (draft.nodeQuery = value)),
        resources: field(resourcesBlock, (value) => (draft.resources = value)),
        containerLabel: field(text, (value) => (draft.containerLabel = value)),
      },
      finish: () => draft,
    };
  },
});

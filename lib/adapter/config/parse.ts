import { Ended, isolated, type Mistake, newDecoder, read, type Type } from "../../config/decode.ts";
import { ConfigurationError } from "../../config/error.ts";
import type { SourceFile } from "../../config/source-file.ts";
import { fieldsOf, struct } from "../../config/struct.ts";
import { type Block, blocksOf } from "../../config/types.ts";
import { parseYaml, YamlError } from "../../config/yaml.ts";
import { resourceRulesBlock } from "./resource-rules.ts";
import { ruleBlock } from "./rule.ts";
import type { AdapterRules, DiscoveryRule, ResourceRules } from "./rules.ts";

/**
 * Reads prometheus-adapter's file as upstream does, with yaml.v2 in its strict mode: an unknown or repeated field is an error. Throws
 * ConfigurationError with every finding.
 */
export const parseRules = (file: SourceFile): AdapterRules => {
  const decoder = newDecoder();
  let rules: AdapterRules | undefined;
  try {
    const root = parseYaml(file.text);
    rules = root === undefined ? nothing : isolated(decoder, () => read(decoder, root, document));
  } catch (error) {
    if (error instanceof YamlError) throw refused(file, [{ place: error.place, message: error.message }]);
    if (!(error instanceof Ended)) throw error;
  }
  const mistakes = [...decoder.refusals, ...decoder.typeErrors];
  if (mistakes.length > 0 || rules === undefined) throw refused(file, mistakes);
  return rules;
};

const nothing: AdapterRules = { rules: [], externalRules: [] };

const refused = (file: SourceFile, mistakes: readonly Mistake[]) =>
  new ConfigurationError(mistakes.map(({ place, message }) => ({ file: file.path, ...place, message })));

const document: Type<AdapterRules> = struct<AdapterRules>({
  name: "config.MetricsDiscoveryConfig",
  zero: nothing,
  begin: (decoder) => {
    const field = fieldsOf(decoder);
    let [rules, externalRules]: (readonly Block<DiscoveryRule>[])[] = [[], []];
    let resourceRules: ResourceRules | undefined;
    return {
      fields: {
        rules: field(blocksOf("[]config.DiscoveryRule", ruleBlock), (value) => (rules = value)),
        externalRules: field(
          blocksOf("[]config.DiscoveryRule", ruleBlock),
          (value) => (externalRules = value),
        ),
        resourceRules: field(resourceRulesBlock, (value) => (resourceRules = value)),
      },
      finish: () => ({
        rules: valuesOf(rules ?? []),
        externalRules: valuesOf(externalRules ?? []),
        ...(resourceRules && { resourceRules }),
      }),
    };
  },
});

const valuesOf = <T>(blocks: readonly Block<T>[]): T[] => blocks.flatMap(({ value }) => value ?? []);

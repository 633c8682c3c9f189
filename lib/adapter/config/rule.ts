import { RE2JS } from "re2js";
import { Refusal, type Type } from "../../config/decode.ts";
import { quoted } from "../../config/go-text.ts";
import { fieldsOf, type PlaceOf, struct } from "../../config/struct.ts";
import { listOf, refined, text } from "../../config/types.ts";
import { noMapping, resourcesBlock } from "./resources.ts";
import type { DiscoveryRule, NameRule, ResourceMapping, SeriesFilter } from "./rules.ts";
import { emptyTemplate, templateText } from "./templates.ts";

/** An entry of `rules` and `externalRules` (spec B2). */
export const ruleBlock: Type<DiscoveryRule | undefined> = struct<DiscoveryRule | undefined>({
  name: "config.DiscoveryRule",
  zero: undefined,
  begin: (decoder) => {
    const field = fieldsOf(decoder);
    const draft = {
      seriesQuery: "",
      seriesFilters: [] as readonly SeriesFilter[],
      resources: noMapping as ResourceMapping,
      name: everyName,
      metricsQuery: emptyTemplate,
    };
    return {
      fields: {
        seriesQuery: field(text, (value) => (draft.seriesQuery = value)),
        seriesFilters: field(listOf("[]config.RegexFilter", filterBlock), (value) => {
          draft.seriesFilters = (value ?? []).filter((filter) => filter !== undefined);
        }),
        resources: field(resourcesBlock, (value) => (draft.resources = value)),
        name: field(nameBlock, (value) => (draft.name = value)),
        metricsQuery: field(templateText("metricsQuery"), (value) => (draft.metricsQuery = value)),
      },
      finish: (at) => {
        // Upstream asks Prometheus for it, which refuses it every time.
        if (draft.seriesQuery === "") throw new Refusal(at("seriesQuery"), "a rule needs a seriesQuery");
        return draft;
      },
    };
  },
});

/** RE2 as Go compiles it. */
const regexText = refined<string, string>(text, "", (written, place) => {
  try {
    RE2JS.compile(written);
    return written;
  } catch (error) {
    throw new Refusal(place, error instanceof Error ? error.message : String(error));
  }
});

const filterBlock: Type<SeriesFilter | undefined> = struct<SeriesFilter | undefined>({
  name: "config.RegexFilter",
  zero: undefined,
  begin: (decoder) => {
    const field = fieldsOf(decoder);
    const draft = { is: "", isNot: "" };
    return {
      fields: {
        is: field(regexText, (value) => (draft.is = value)),
        isNot: field(regexText, (value) => (draft.isNot = value)),
      },
      finish: (at) => {
        if ((draft.is === "") === (draft.isNot === ""))
          throw new Refusal(at("isNot"), "a filter of series has exactly one of is and isNot");
        return { regex: draft.is + draft.isNot, wants: draft.is !== "" };
      },
    };
  },
});

const nameBlock: Type<NameRule> = struct<NameRule>({
  name: "config.NameMapping",
  zero: { matches: ".*", as: "$0" },
  begin: (decoder) => {
    const field = fieldsOf(decoder);
    const draft = { matches: "", as: "" };
    return {
      fields: {
        matches: field(regexText, (value) => (draft.matches = value)),
        as: field(text, (value) => (draft.as = value)),
      },
      finish: (at) => nameRule(draft, at),
    };
  },
});

const everyName: NameRule = { matches: ".*", as: "$0" };

const nameRule = ({ matches, as }: NameRule, at: PlaceOf): NameRule => {
  if (matches === "") return { ...everyName, ...(as !== "" && { as }) };
  if (as !== "") return { matches, as };
  const groups = RE2JS.compile(matches).groupCount();
  if (groups > 1)
    throw new Refusal(
      at("matches"),
      `name.matches ${quoted(matches)} has ${groups} groups, so name.as must say which make the name`,
    );
  return { matches, as: groups === 0 ? "$0" : "$1" };
};

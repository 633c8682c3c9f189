import { RE2JS } from "re2js";
import type { Template } from "../template/template.ts";

/** Which group and resource a label names, as texts; undefined when it does not have the template's form. */
export type LabelPattern = (
  label: string,
) => { readonly group: string; readonly resource: string } | undefined;

/**
 * A template of labels turned round (spec B4): filled in with groups that match as little as they can, it is a regular expression. What
 * the template itself says is taken for a regular expression too, as upstream does. Throws Error when the resource does not show.
 */
export const labelPattern = (template: Template): LabelPattern => {
  const regex = template.render({ Group: "(?P<group>.+?)", Resource: "(?P<resource>.+?)" });
  const compiled = RE2JS.compile(`^${regex}$`);
  const names = compiled.namedGroups();
  const [group, resource] = [names.group, names.resource];
  if (regex === "" || resource === undefined) throw new Error("it must show <<.Resource>>");
  return (label) => {
    const matcher = compiled.matcher(label);
    if (!matcher.find()) return undefined;
    return {
      group: group === undefined ? "" : (matcher.group(group) ?? ""),
      resource: matcher.group(resource) ?? "",
    };
  };
};

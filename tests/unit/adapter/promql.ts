import { parser } from "@prometheus-io/lezer-promql";

/**
 * How Prometheus's own editor grammar parses a query: its tree of node names without what stands in leaves, so that two queries of
 * one structure are equal. Undefined when it does not parse.
 */
export const structureOf = (promql: string): string | undefined => {
  let isBroken = false;
  const names: string[] = [];
  parser.parse(promql).iterate({
    enter: ({ type }) => {
      isBroken ||= type.isError;
      names.push(`(${type.name}`);
    },
    leave: () => void names.push(")"),
  });
  return isBroken ? undefined : names.join("");
};

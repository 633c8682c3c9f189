import type { Labels } from "../relabel/labels.ts";

/** Labels as a JSON object in their own order, which is by name: an object of JavaScript would put numbers first. */
export const labelsJson = (labels: Labels): string => {
  let text = "";
  for (const [name, value] of labels) {
    text += `${text === "" ? "" : ","}${JSON.stringify(name)}:${JSON.stringify(value)}`;
  }
  return `{${text}}`;
};

/** A table of rows, the first of them its head; the second column on is aligned to the right where a row's is a figure. */
export const markdownTable = (rows: readonly (readonly string[])[]): string => {
  const [head = [], ...body] = rows;
  const line = (row: readonly string[]) => `| ${row.join(" | ")} |\n`;
  return `${line(head)}|${head.map(() => "---|").join("")}\n${body.map(line).join("")}`;
};

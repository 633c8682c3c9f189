/**
 * The commands that a page of the documentation shows: the statements of its shell blocks, and every code span that begins with
 * a program. Comments behind a command are left out, and its parts on several lines stay one.
 */
export const commandsIn = (text: string): string[] => [
  ...new Set([...blocksOf(text, "sh").flatMap(statementsOf), ...sessionsOf(text), ...spansOf(text)]),
];

/** The fenced blocks of one language. */
export const blocksOf = (text: string, language: string): string[] =>
  [...text.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, "gms"))].map(([, block = ""]) => block);

/** A loop is one statement, and so is what goes on behind a backslash. */
const statementsOf = (block: string): string[] => {
  const statements: string[] = [];
  let open = "";
  for (const line of block.split("\n")) {
    open = open === "" ? line : `${open}\n${line}`;
    if (line.endsWith("\\") || (/^(for|while|if) /.test(open) && !/^(done|fi)\b/.test(line))) continue;
    statements.push(open);
    open = "";
  }
  return statements.map((one) => one.replace(/(^|\s+)#\s.*$/, "").trim()).filter((one) => one !== "");
};

/** In a block that shows a session, what stands behind the prompt. */
const sessionsOf = (text: string): string[] =>
  blocksOf(text, "console").flatMap((block) =>
    [...block.matchAll(/^\$ (.+)$/gm)].map(([, line = ""]) => line),
  );

const spansOf = (text: string): string[] =>
  [...text.replaceAll(/^```.*?^```/gms, "").matchAll(/`([^`\n]+)`/g)]
    .map(([, span = ""]) => span)
    .filter((span) => beginsWithProgram.test(span));

const beginsWithProgram =
  /^(?:[A-Z_]+=\S+ )*(?:\.ci\/run$|(?:npm|npx|node|rollcall|aws|kubectl|curl|promtool|git|docker) \S)/;

import { writeFileSync } from "node:fs";

/** Functions in it; about as many bytes as `reduce` loads at its start. */
const functions = 4000;

/**
 * Writes a module of plain code that takes about as long to import as a small function of ours: what a machine makes of it in the
 * same run is what other imports are measured in.
 */
export const writeReference = (file: string): void => {
  const lines = Array.from(
    { length: functions },
    (_, n) =>
      `const f${n} = (a, b) => { const o = { a, b, n: ${n} }; return o.a > o.b ? [o.n, "${n}"] : { ...o }; };`,
  );
  const used = Array.from({ length: functions }, (_, n) => `f${n}(${n}, 1)`);
  const imports = ["node:http", "node:https", "node:crypto", "node:zlib"].map((name) => `import "${name}";`);
  writeFileSync(file, [...imports, ...lines, `export const all = [${used.join(",")}];`, ""].join("\n"));
};

import { isBuiltin } from "node:module";
import type { Plugin } from "esbuild";

/** What `esbuild` does beyond its options (infra/bundles.yml): plugins of serverless-esbuild. */

/**
 * Node's own modules are had without loading what nobody asked for. An `import` of `node:http` reads each of its exports, the
 * getter behind `WebSocket` among them, which loads a whole HTTP client: 25 ms of every cold start. So each name that is used is
 * read from the module itself, and the rest is left alone.
 */
const builtins: Plugin = {
  name: "builtins",
  setup: (build) => {
    build.onResolve({ filter: /^[\w:/]+$/ }, ({ path, kind }) => {
      if (!isBuiltin(path) || kind === "require-call") return undefined;
      const whole = path.startsWith("node:") ? path : `node:${path}`;
      return {
        path: whole,
        namespace: kind === "dynamic-import" ? "late builtin" : "builtin",
        sideEffects: false,
      };
    });
    build.onLoad({ filter: /./, namespace: "builtin" }, ({ path }) => ({ contents: namesOf(path) }));
    // Nobody says which names he will read: a getter each, as esbuild makes of a CommonJS module.
    build.onLoad({ filter: /./, namespace: "late builtin" }, ({ path }) => ({
      contents: `module.exports = ${wholeOf(path)};`,
    }));
  },
};

const wholeOf = (path: string) => `process.getBuiltinModule(${JSON.stringify(path)})`;

/** A name that nobody imports is left out of a bundle, and so never read. */
const namesOf = (path: string): string => {
  const names = Object.keys(process.getBuiltinModule(path) ?? {}).filter((name) => name !== "default");
  const own = names.map((name, at) => `const own${at} = /* @__PURE__ */ read(${JSON.stringify(name)});`);
  const exported = names.map((name, at) => `own${at} as ${JSON.stringify(name)}`);
  return [
    `const whole = /* @__PURE__ */ ${wholeOf(path)};`,
    "const read = (name) => whole[name];",
    ...own,
    `export { ${[...exported, "whole as default"].join(", ")} };`,
  ].join("\n");
};

/**
 * What is imported at its first use lies in files of its own, so that nothing of it is read before: below a name that begins with
 * the function's, by which the packer tells whose they are.
 */
const chunks: Plugin = {
  name: "chunks",
  setup: ({ initialOptions }) => {
    const { entryPoints } = initialOptions;
    const [entry] = Array.isArray(entryPoints) ? entryPoints : [];
    if (typeof entry !== "string") throw new Error("a bundle has one entry point");
    const name = entry.replace(/^.*\//, "").replace(/\.ts$/, "");
    initialOptions.chunkNames = `${name}.chunks/[name]-[hash]`;
  },
};

export default [builtins, chunks];

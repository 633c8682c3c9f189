import type { Command, Options } from "./command.ts";

export const defaultServer = "http://127.0.0.1:9095";

/** The options that a command has because everybody has them. */
export const commonOptions = ({ isPlain = false, asksNobody = false }: Command): Options => ({
  ...(asksNobody ? {} : asking),
  ...(isPlain ? {} : { output }),
  help: { kind: "flag", about: "this text" },
});

const asking: Options = {
  server: {
    kind: "text",
    value: "URL",
    about: `the Rollcall to ask; ROLLCALL_SERVER, else ${defaultServer}, unless given`,
  },
  "token-file": { kind: "text", value: "FILE", isFile: true, about: "a file with the access token" },
};

const output = {
  kind: "text",
  value: "FORMAT",
  values: ["table", "json"],
  about: "table (unless given) or json",
} as const;

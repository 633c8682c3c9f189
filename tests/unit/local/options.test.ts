import assert from "node:assert/strict";
import { resolve } from "node:path";
import { test } from "node:test";
import { readOptions } from "../../../local/options.ts";

test("options: without arguments there is the usual address and folder", () => {
  assert.deepEqual(readOptions([]), {
    listen: { host: "127.0.0.1", port: 9095 },
    data: resolve(".rollcall"),
  });
});

test("options: files become absolute", () => {
  const options = readOptions(["--config", "a.yml", "--settings=b.yml", "--kubeconfig", "/c", "--data", "d"]);
  assert.deepEqual(options, {
    config: resolve("a.yml"),
    settings: resolve("b.yml"),
    kubeconfig: "/c",
    listen: { host: "127.0.0.1", port: 9095 },
    data: resolve("d"),
  });
});

for (const [given, host, port] of [
  ["localhost:80", "localhost", 80],
  ["[::1]:9095", "::1", 9095],
  ["127.9.9.9:0", "127.9.9.9", 0],
] as const) {
  test(`options: listens on ${given}`, () => {
    const options = readOptions(["--listen", given]);
    assert.ok(typeof options === "object" && "listen" in options);
    assert.deepEqual(options.listen, { host, port });
  });
}

const refused = (args: readonly string[]) => {
  const options = readOptions(args);
  assert.ok(typeof options === "object" && "refused" in options);
  return options.refused;
};

for (const flag of ["settings", "kubeconfig"]) {
  test(`options: refuses --${flag} without --config, rather than a demo that ignores it`, () => {
    assert.match(refused([`--${flag}`, "x"]), new RegExp(`^--${flag} needs --config FILE`));
  });
}

for (const host of ["0.0.0.0", "192.168.1.5", "example.com", "", "::", "127.0.0.1.example.com"]) {
  test(`options: refuses to listen on ${host || "everything"}`, () => {
    const given = host.includes(":") ? `[${host}]:9095` : `${host}:9095`;
    const line = `--listen ${host || given}: without tokens only a loopback listener may answer (127.0.0.1, ::1 or localhost)\n`;
    assert.equal(refused(["--listen", given]), line);
  });
}

test("options: settings may have tokens, with which it may listen anywhere", () => {
  const options = readOptions(["--config", "a.yml", "--settings", "b.yml", "--listen", "0.0.0.0:9095"]);
  assert.ok(typeof options === "object" && "listen" in options);
  assert.deepEqual(options.listen, { host: "0.0.0.0", port: 9095 });
});

test("options: refuses what is no address", () => {
  for (const given of ["9095", "127.0.0.1", "127.0.0.1:70000", "127.0.0.1:x"]) {
    assert.match(refused(["--listen", given]), /expected HOST:PORT/);
  }
});

test("options: an unknown flag, a stray word and a missing value are refused with the usage", () => {
  for (const args of [["--confg", "x"], ["prometheus.yml"], ["--config"]])
    assert.match(refused(args), /Usage: npm start/);
  assert.equal(readOptions(["--help"]), "help");
});

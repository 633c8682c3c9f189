import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface KeyPair {
  readonly cert: string;
  readonly key: string;
}

export interface Authority extends KeyPair {
  /** A certificate for these addresses (127.0.0.1) and `server.test`, or for a client of that name. */
  issue(name: string, addresses?: readonly string[]): KeyPair;
}

/** An authority that lives as long as the test run; made by openssl, so that no key lies in the repository. */
export const createAuthority = (name: string): Authority => {
  const own = inFolder((folder) => {
    const files = ["-keyout", `${folder}/key`, "-out", `${folder}/cert`];
    openssl(["req", "-x509", ...newKey, "-days", "2", "-subj", `/CN=${name}`, ...files]);
    return pairIn(folder);
  });
  return { ...own, issue: (subject, addresses) => issue(own, subject, addresses) };
};

const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];

const issue = (authority: KeyPair, subject: string, addresses: readonly string[] = ["127.0.0.1"]): KeyPair =>
  inFolder((folder) => {
    writeFileSync(join(folder, "ca"), authority.cert);
    writeFileSync(join(folder, "ca.key"), authority.key);
    const names = addresses.map((address) => `IP:${address},`).join("");
    writeFileSync(join(folder, "names"), `subjectAltName=${names}DNS:server.test\n`);
    const request = ["-keyout", `${folder}/key`, "-out", `${folder}/request`];
    openssl(["req", ...newKey, "-subj", `/CN=${subject}`, ...request]);
    const signer = ["-CA", `${folder}/ca`, "-CAkey", `${folder}/ca.key`, "-set_serial", "7", "-days", "2"];
    const files = ["-extfile", `${folder}/names`, "-in", `${folder}/request`, "-out", `${folder}/cert`];
    openssl(["x509", "-req", ...signer, ...files]);
    return pairIn(folder);
  });

const inFolder = (use: (folder: string) => KeyPair): KeyPair => {
  const folder = mkdtempSync(join(tmpdir(), "rollcall-tls-"));
  try {
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
};

const openssl = (words: string[]) => execFileSync("openssl", words, { stdio: "pipe" });

const pairIn = (folder: string): KeyPair => ({
  cert: readFileSync(join(folder, "cert"), "utf8"),
  key: readFileSync(join(folder, "key"), "utf8"),
});

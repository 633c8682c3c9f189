import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { KeyPair } from "../../http/support/certificates.ts";

export interface Wish {
  /** As openssl writes it: `/CN=x/O=y`. */
  readonly subject: string;
  readonly usage?: "clientAuth" | "serverAuth" | "anyExtendedKeyUsage";
  /** Of an authority below another. */
  readonly isAuthority?: boolean;
  /** Does not say by which key it was signed. */
  readonly isUnlinked?: boolean;
  /** DNS names of a server. */
  readonly names?: readonly string[];
}

/** A certificate of an authority, for what and whom is wished. */
export const issueFor = (
  authority: KeyPair,
  { subject, usage, isAuthority = false, isUnlinked = false, names = [] }: Wish,
): KeyPair => {
  const folder = mkdtempSync(join(tmpdir(), "rollcall-client-"));
  const at = (name: string) => join(folder, name);
  try {
    writeFileSync(at("ca"), authority.cert);
    writeFileSync(at("ca.key"), authority.key);
    const lines = [
      `basicConstraints=critical,CA:${isAuthority ? "TRUE" : "FALSE"}`,
      ...(usage === undefined ? [] : [`extendedKeyUsage=${usage}`]),
      ...(isUnlinked ? ["authorityKeyIdentifier=none"] : []),
      ...(names.length === 0 ? [] : [`subjectAltName=${names.map((name) => `DNS:${name}`).join()}`]),
    ];
    writeFileSync(at("extensions"), `${lines.join("\n")}\n`);
    const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", at("key")];
    openssl(["req", ...key, "-subj", subject, "-out", at("request")]);
    const signer = ["-CA", at("ca"), "-CAkey", at("ca.key"), "-set_serial", "9", "-days", "2"];
    const files = ["-extfile", at("extensions"), "-in", at("request"), "-out", at("cert")];
    openssl(["x509", "-req", ...signer, ...files]);
    return { cert: readFileSync(at("cert"), "utf8"), key: readFileSync(at("key"), "utf8") };
  } finally {
    rmSync(folder, { recursive: true });
  }
};

const openssl = (words: string[]) => execFileSync("openssl", words, { stdio: "pipe" });

/** As an Application Load Balancer writes it into its header. */
export const inHeader = (pem: string) =>
  encodeURIComponent(pem).replaceAll("%2B", "+").replaceAll("%3D", "=").replaceAll("%2F", "/");

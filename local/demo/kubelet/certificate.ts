import { generateKeyPairSync, randomBytes } from "node:crypto";
import { chmod, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Tls } from "../listener.ts";

/** What the demo's kubelets prove with who they are; its certificate is its own authority. */
export interface OwnCertificate extends Tls {
  /** The certificate's file, beside the configuration. */
  readonly file: string;
}

/** That of an earlier start in this folder, or a new one for these addresses; the key is its owner's alone. */
export const ownCertificate = async (
  folder: string,
  addresses: readonly string[],
): Promise<OwnCertificate> => {
  const kept = await keptIn(folder);
  if (kept !== undefined) return kept;
  const { cert, key } = await create(addresses);
  await writeFile(join(folder, keyFile), key, { mode: 0o600 });
  await chmod(join(folder, keyFile), 0o600);
  await writeFile(join(folder, file), cert);
  return { cert, key, file };
};

const file = "demo-kubelets.crt";
const keyFile = "demo-kubelets.key";

/** Both or none: the certificate was written last. */
const keptIn = async (folder: string): Promise<OwnCertificate | undefined> => {
  try {
    const [cert, key] = await Promise.all(
      [file, keyFile].map((name) => readFile(join(folder, name), "utf8")),
    );
    return cert === undefined || key === undefined ? undefined : { cert, key, file };
  } catch {
    return undefined;
  }
};

const create = async (addresses: readonly string[]): Promise<Tls> => {
  // Only the first start in a folder needs it.
  const { default: forge } = await import("node-forge");
  const encoding = { type: "pkcs1", format: "pem" } as const;
  const { publicKey, privateKey } = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: encoding,
    privateKeyEncoding: encoding,
  });
  const certificate = forge.pki.createCertificate();
  const name = [{ name: "commonName", value: "kubelets of Rollcall's demo" }];
  certificate.publicKey = forge.pki.publicKeyFromPem(publicKey);
  // A leading bit would make it negative.
  certificate.serialNumber = `01${randomBytes(15).toString("hex")}`;
  certificate.validity.notBefore = new Date(Date.now() - day);
  certificate.validity.notAfter = new Date(Date.now() + 3650 * day);
  certificate.setSubject(name);
  certificate.setIssuer(name);
  certificate.setExtensions([
    { name: "basicConstraints", critical: true, cA: true },
    { name: "subjectAltName", altNames: addresses.map((ip) => ({ type: 7, ip })) },
  ]);
  certificate.sign(forge.pki.privateKeyFromPem(privateKey), forge.md.sha256.create());
  return { cert: forge.pki.certificateToPem(certificate), key: privateKey };
};

/** Milliseconds. */
const day = 86_400_000;

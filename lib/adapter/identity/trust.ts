import * as z from "zod";
import { type Authorities, readAuthorities } from "./certificate.ts";

/** By whom a cluster lets its callers be known: its own `extension-apiserver-authentication` (spec B9). */
export interface Trust {
  /** Absent: nobody may speak for others. */
  readonly frontProxy?: FrontProxy;
  /** Absent: no certificate of a user is believed. */
  readonly clientAuthorities?: Authorities;
}

export interface FrontProxy {
  readonly authorities: Authorities;
  /** Common names; none: any that the authorities vouch for. */
  readonly allowedNames: readonly string[];
  /** Names of headers in lower case. */
  readonly userHeaders: readonly string[];
  readonly groupHeaders: readonly string[];
  readonly extraPrefixes: readonly string[];
}

/** The `data` of the configmap `extension-apiserver-authentication` of `kube-system`. Throws one line for what is no such data. */
export const readTrust = (data: unknown): Trust => {
  const parsed = configmap.safeParse(data);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new Error(`${where}: ${issue?.path.join(".")} ${issue?.message}`);
  }
  const read = parsed.data;
  const proxyPem = read["requestheader-client-ca-file"];
  const clientPem = read["client-ca-file"];
  const names = (key: keyof typeof read, usual: readonly string[]) => {
    const found = listIn(key, read[key]);
    return (found.length > 0 ? found : usual).map((name) => name.toLowerCase());
  };
  return {
    ...(proxyPem !== undefined && {
      frontProxy: {
        authorities: readAuthorities(proxyPem, `${where}: requestheader-client-ca-file`),
        allowedNames: listIn("requestheader-allowed-names", read["requestheader-allowed-names"]),
        userHeaders: names("requestheader-username-headers", usualHeaders.userHeaders),
        groupHeaders: names("requestheader-group-headers", usualHeaders.groupHeaders),
        extraPrefixes: names("requestheader-extra-headers-prefix", usualHeaders.extraPrefixes),
      },
    }),
    ...(clientPem !== undefined && {
      clientAuthorities: readAuthorities(clientPem, `${where}: client-ca-file`),
    }),
  };
};

/** The front proxy that the settings name, in place of the configmap's. */
export const givenProxy = (pem: string, file: string, allowedNames: readonly string[]): FrontProxy => ({
  authorities: readAuthorities(pem, file),
  allowedNames,
  ...usualHeaders,
});

const where = "configmap kube-system/extension-apiserver-authentication";

const usualHeaders = {
  userHeaders: ["x-remote-user"],
  groupHeaders: ["x-remote-group"],
  extraPrefixes: ["x-remote-extra-"],
};

const configmap = z.object({
  "client-ca-file": z.string().optional(),
  "requestheader-client-ca-file": z.string().optional(),
  "requestheader-allowed-names": z.string().optional(),
  "requestheader-username-headers": z.string().optional(),
  "requestheader-group-headers": z.string().optional(),
  "requestheader-extra-headers-prefix": z.string().optional(),
});

/** Lists are JSON in a text. */
const listIn = (key: string, text: string | undefined): string[] => {
  if (text === undefined || text === "") return [];
  try {
    return z.array(z.string()).parse(JSON.parse(text));
  } catch {
    throw new Error(`${where}: ${key} is no JSON list of texts`);
  }
};

import * as z from "zod";
import { reasonOf } from "../../errors.ts";
import { readDocuments } from "../../yamldocuments.ts";

/**
 * The file as it stands. Throws one line that names the file, and for a mistake its place and what was expected; what the file
 * holds is secret throughout and never quoted.
 */
export const parseKubeconfig = (file: string, text: string): KubeconfigFile => {
  const result = fileSchema.safeParse(documentIn(file, text));
  if (result.success) return result.data;
  const { path, message } = result.error.issues[0]!;
  // A user may call a group anything, at any length.
  const place = path.join(".").replace(/\s+/g, " ").slice(0, 200);
  throw new Error(`kubeconfig ${file}: ${place || "the document"}: ${message}`);
};

const documentIn = (file: string, text: string): unknown => {
  try {
    const [first, ...others] = readDocuments(text);
    const broken = first?.errors[0];
    if (broken !== undefined) throw new Error(`not valid YAML at byte ${broken.pos[0]}`);
    if (others.length > 0) throw new Error("several YAML documents where one is expected");
    return first?.toJS() ?? null;
  } catch (thrown) {
    throw new Error(`kubeconfig ${file}: ${reasonOf(thrown)}`);
  }
};

const string = z
  .string()
  .nullish()
  .transform((value) => value ?? "");

const clusterSchema = z.object({
  server: z.string().min(1),
  "certificate-authority": string,
  "certificate-authority-data": string,
  "insecure-skip-tls-verify": z.boolean().nullish(),
  "tls-server-name": string,
  "proxy-url": string,
});

const execSchema = z.object({
  apiVersion: string,
  command: z.string().min(1),
  args: z.array(z.string()).nullish(),
  env: z.array(z.object({ name: z.string(), value: z.string() })).nullish(),
  provideClusterInfo: z.boolean().nullish(),
});

const userSchema = z.object({
  token: string,
  tokenFile: string,
  username: string,
  password: string,
  "client-certificate": string,
  "client-certificate-data": string,
  "client-key": string,
  "client-key-data": string,
  as: string,
  "as-uid": string,
  "as-groups": z.array(z.string()).nullish(),
  "as-user-extra": z.record(z.string(), z.array(z.string())).nullish(),
  exec: execSchema.nullish(),
  "auth-provider": z.record(z.string(), z.unknown()).nullish(),
});

const fileSchema = z.object({
  "current-context": string,
  clusters: z.array(z.object({ name: z.string(), cluster: clusterSchema })).nullish(),
  contexts: z
    .array(z.object({ name: z.string(), context: z.object({ cluster: string, user: string }) }))
    .nullish(),
  users: z.array(z.object({ name: z.string(), user: userSchema.nullish() })).nullish(),
});

export type KubeconfigFile = z.infer<typeof fileSchema>;
export type ClusterEntry = z.infer<typeof clusterSchema>;
export type ExecEntry = z.infer<typeof execSchema>;
export type UserEntry = Partial<z.infer<typeof userSchema>>;

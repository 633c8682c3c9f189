import type { OAuth2 } from "./configuration.ts";
import { secretOf, secretText } from "./credential-types.ts";
import { Refusal, type Type } from "./decode.ts";
import type { Place } from "./error.ts";
import { joined } from "./paths.ts";
import { defaultProxy, proxyDraft } from "./proxy.ts";
import { type Fields, fieldsOf, type PlaceOf, struct } from "./struct.ts";
import { defaultTls, refuseReference, tlsBlock } from "./tls.ts";
import { listOf, mapOf, text } from "./types.ts";

/** An `oauth2` block as written; the enclosing client block checks it, as Prometheus does. */
export interface OAuth2Block {
  readonly config: OAuth2;
  readonly check: (at: Place) => void;
  /** Prometheus 3.7 and later can also sign an assertion instead of showing a client secret; our client cannot. */
  readonly signsAssertion: boolean;
}

const jwtBearer = "urn:ietf:params:oauth:grant-type:jwt-bearer";

export const oauth2Block = (folder: string): Type<OAuth2Block | undefined> =>
  struct<OAuth2Block | undefined>({
    name: "config.plain",
    zero: undefined,
    hidden: true,
    completes: true,
    begin: (decoder) => {
      const written = { ...empty };
      let scopes: readonly string[] = [];
      let endpointParams: ReadonlyMap<string, string> = new Map();
      let tls = defaultTls;
      const field = fieldsOf(decoder);
      const proxy = proxyDraft(decoder);
      return {
        fields: {
          ...textFields(field, written),
          claims: field(anything, () => undefined),
          scopes: field(listOf("[]string", text), (value) => (scopes = value ?? [])),
          endpoint_params: field(stringMap, (value) => (endpointParams = value ?? new Map())),
          tls_config: field(tlsBlock(folder), (value) => (tls = value)),
          ...proxy.fields,
        },
        finish: (at) => {
          proxy.check(at);
          const parts = { scopes, endpointParams: Object.fromEntries(endpointParams), tls };
          return {
            config: {
              ...build(written, folder),
              ...parts,
              proxy: proxy.isCustom() ? proxy.build() : defaultProxy,
            },
            check: (place) => check(written, { place, at }),
            signsAssertion: written.grant_type === jwtBearer,
          };
        },
      };
    },
  });

const textKeys = [
  "client_id",
  "client_secret",
  "client_secret_file",
  "client_secret_ref",
  "client_certificate_key_id",
  "client_certificate_key",
  "client_certificate_key_file",
  "client_certificate_key_ref",
  "grant_type",
  "signature_algorithm",
  "iss",
  "audience",
  "token_url",
] as const;
type TextKey = (typeof textKeys)[number];
type Written = Record<TextKey, string>;

const secretKeys: ReadonlySet<string> = new Set(["client_secret", "client_certificate_key"]);

const empty: Written = {
  client_id: "",
  client_secret: "",
  client_secret_file: "",
  client_secret_ref: "",
  client_certificate_key_id: "",
  client_certificate_key: "",
  client_certificate_key_file: "",
  client_certificate_key_ref: "",
  grant_type: "",
  signature_algorithm: "",
  iss: "",
  audience: "",
  token_url: "",
};

const textFields = (field: ReturnType<typeof fieldsOf>, written: Written): Fields =>
  Object.fromEntries(
    textKeys.map((key) => {
      const type = secretKeys.has(key) ? secretText : text;
      return [key, field(type, (value) => (written[key] = value))];
    }),
  );

const stringMap = mapOf("map[string]string", { key: text, value: text });

/** The claims of an assertion have any shape; they are not read here. */
const unread: Type<undefined> = { name: "interface {}", zero: undefined, decode: () => undefined };
const anything = mapOf("map[string]interface {}", { key: text, value: unread });

const check = (written: Written, { place, at }: { place: Place; at: PlaceOf }) => {
  const several = (...keys: TextKey[]) => keys.filter((key) => written[key] !== "").length > 1;
  const refuse = (where: Place, message: string) => {
    throw new Refusal(where, message);
  };
  if (written.client_id === "") refuse(place, "oauth2 client_id must be configured");
  if (written.token_url === "") refuse(place, "oauth2 token_url must be configured");
  const kind = written.grant_type === jwtBearer ? "client_certificate_key" : "client_secret";
  const grant = written.grant_type === jwtBearer ? jwtBearer : "client_credentials";
  if (several(kind, `${kind}_file`, `${kind}_ref`)) {
    const keys = `${kind}, ${kind}_file & ${kind}_ref`;
    refuse(at(kind), `at most one of oauth2 ${keys} must be configured using grant-type=${grant}`);
  }
  if (grant === jwtBearer && !/^(RS256|RS384|RS512)?$/.test(written.signature_algorithm)) {
    refuse(at("signature_algorithm"), "valid signature algorithms are RS256, RS384 and RS512");
  }
  for (const key of ["client_secret_ref", "client_certificate_key_ref"] as const) {
    refuseReference(key, written[key], at(key));
  }
};

const build = (written: Written, folder: string) => {
  const clientSecret = secretOf(written.client_secret);
  return {
    clientId: written.client_id,
    ...(clientSecret && { clientSecret }),
    ...(written.client_secret_file && { clientSecretFile: joined(folder, written.client_secret_file) }),
    tokenUrl: written.token_url,
  };
};

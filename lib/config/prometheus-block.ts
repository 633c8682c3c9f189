import type { PrometheusSettings, Sigv4Settings } from "./adapters.ts";
import { secretText } from "./credential-types.ts";
import { Refusal, type Type } from "./decode.ts";
import { httpClientDraft } from "./http-client.ts";
import { Secret } from "./secret.ts";
import { fieldsOf, type PlaceOf, struct } from "./struct.ts";
import { refined, text } from "./types.ts";

/** `prometheus` of an adapter: where it is, how it is asked, and Prometheus's own HTTP client block. */
export const prometheusBlock = (folder: string): Type<PrometheusSettings | undefined> =>
  struct<PrometheusSettings | undefined>({
    name: "settings.adapter.prometheus",
    zero: undefined,
    begin: (decoder) => {
      const field = fieldsOf(decoder);
      const http = httpClientDraft(decoder, folder);
      let url = "";
      let verb: PrometheusSettings["verb"] = "GET";
      let sigv4: Sigv4Settings | undefined;
      return {
        fields: {
          ...http.fields,
          url: field(serverUrl, (value) => (url = value)),
          verb: field(verbName, (value) => (verb = value)),
          sigv4: field(sigv4Block, (value) => (sigv4 = value)),
        },
        finish: (at) => {
          http.check(at);
          if (url === "") throw new Refusal(at("url"), "a prometheus needs a url");
          const httpClient = http.build(at);
          if (sigv4 === undefined) return { url, verb, httpClient };
          if ((httpClient.authorization ?? httpClient.basicAuth ?? httpClient.oauth2) !== undefined)
            throw new Refusal(at("sigv4"), "sigv4 signs requests: no other credentials may stand beside it");
          // A signature is for one place.
          return { url, verb, httpClient: { ...httpClient, followRedirects: false }, sigv4 };
        },
      };
    },
  });

/** A login in it is read as a login, and may be a secret: it is not shown. */
const serverUrl = refined<string, string>(text, "", (written, place) => {
  const url = URL.parse(written);
  if (url !== null && /^https?:$/.test(url.protocol) && url.search === "" && url.hash === "") return written;
  throw new Refusal(
    place,
    "url must be that of a Prometheus, such as http://prometheus:9090, without a query",
  );
});

const verbName = refined<string, PrometheusSettings["verb"]>(text, "GET", (written, place) => {
  if (written === "GET" || written === "POST") return written;
  throw new Refusal(place, `verb must be GET or POST, not ${JSON.stringify(written)}`);
});

const sigv4Block = struct<Sigv4Settings | undefined>({
  name: "settings.adapter.prometheus.sigv4",
  zero: undefined,
  begin: (decoder) => {
    const field = fieldsOf(decoder);
    const draft = { region: "", service: "aps", access_key: "", secret_key: "", role_arn: "" };
    return {
      fields: {
        region: field(text, (value) => (draft.region = value)),
        service: field(text, (value) => (draft.service = value)),
        access_key: field(text, (value) => (draft.access_key = value)),
        secret_key: field(secretText, (value) => (draft.secret_key = value)),
        role_arn: field(text, (value) => (draft.role_arn = value)),
      },
      finish: (at) => signed(draft, at),
    };
  },
});

const signed = (
  draft: { region: string; service: string; access_key: string; secret_key: string; role_arn: string },
  at: PlaceOf,
): Sigv4Settings => {
  const { region, service, access_key: accessKey, secret_key: secretKey, role_arn: roleArn } = draft;
  if (!/^[a-z]{2}(-[a-z]+)+-\d$/.test(region))
    throw new Refusal(
      at("region"),
      `sigv4 needs a region such as eu-central-1, not ${JSON.stringify(region)}`,
    );
  if (!/^[a-z0-9-]{1,40}$/.test(service))
    throw new Refusal(at("service"), "sigv4 service must be the name of one of AWS's, such as aps");
  if ((accessKey === "") !== (secretKey === ""))
    throw new Refusal(at("access_key"), "access_key and secret_key go together");
  if (accessKey !== "" && roleArn !== "")
    throw new Refusal(at("role_arn"), "sigv4 has a role_arn or keys, not both");
  if (roleArn !== "" && !/^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]{1,512}$/.test(roleArn))
    throw new Refusal(at("role_arn"), `role_arn must be the ARN of a role, not ${JSON.stringify(roleArn)}`);
  return {
    region,
    service,
    ...(accessKey !== "" && { accessKey, secretKey: new Secret(secretKey) }),
    ...(roleArn !== "" && { roleArn }),
  };
};

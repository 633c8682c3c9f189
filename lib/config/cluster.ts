import { type Decoder, Refusal, type Type } from "./decode.ts";
import { parseDuration } from "./duration.ts";
import { eksBlock, type WrittenEks } from "./eks.ts";
import { parseGoUrl } from "./go-url.ts";
import { httpClientDraft } from "./http-client.ts";
import { joined } from "./paths.ts";
import { type ClusterAccess, type ClusterSettings, type FollowMode, followModes } from "./settings.ts";
import { type Draft, fieldsOf, type PlaceOf, struct } from "./struct.ts";
import { listOf, refined, text } from "./types.ts";

/** An entry of the settings' `clusters` (design §3.7). `folder` is that of the file: relative paths are joined to it. */
export const clusterBlock = (folder: string): Type<ClusterSettings | undefined> =>
  struct<ClusterSettings | undefined>({
    name: "settings.cluster",
    zero: undefined,
    begin: (decoder) => clusterDraft(decoder, folder),
  });

const clusterDraft = (decoder: Decoder, folder: string): Draft<ClusterSettings> => {
  const field = fieldsOf(decoder);
  const http = httpClientDraft(decoder, folder);
  const one: Written = {
    name: "",
    apiServer: "",
    kubeconfig: "",
    masters: undefined,
    host: undefined,
    eks: undefined,
  };
  let [interval, mode]: [number | undefined, FollowMode | undefined] = [undefined, undefined];
  return {
    fields: {
      ...http.fields,
      name: field(text, (value) => (one.name = value)),
      api_server: field(text, (value) => (one.apiServer = value)),
      kubeconfig_file: field(text, (value) => (one.kubeconfig = joined(folder, value))),
      masters: field(listOf("list of URLs", text), (value) => (one.masters = value)),
      host: field(host, (value) => (one.host = value)),
      eks: field(eksBlock, (value) => (one.eks = value)),
      every: field(every, (value) => (interval = value)),
      follow: field(follow, (value) => (mode = value)),
    },
    finish: (at) => {
      http.check(at);
      if (one.name === "") throw new Refusal(at("name"), "a cluster needs a name");
      return {
        name: one.name,
        access: accessOf(one, http, at),
        ...(interval === undefined ? {} : { every: interval }),
        ...(mode === undefined ? {} : { follow: mode }),
      };
    },
  };
};

const every = refined<string, number>({ ...text, name: "duration" }, 0, (written, place) => {
  const duration = parseDuration(written);
  if ("error" in duration) throw new Refusal(place, duration.error);
  if (duration.milliseconds < 1000) throw new Refusal(place, "every must be at least 1s");
  return duration.milliseconds;
});

const follow = refined<string, FollowMode | undefined>(text, undefined, (written, place) => {
  const mode = followModes.find((one) => one === written);
  if (mode === undefined) {
    throw new Refusal(place, `follow must be ${followModes.join(" or ")}, not ${JSON.stringify(written)}`);
  }
  return mode;
});

/** A URL with a user may carry a password, so its error does not show it. */
const host = refined<string, string | undefined>(text, undefined, (written, place) => {
  const parsed = parseGoUrl(written, written.includes("@") ? "<secret>" : undefined);
  if ("error" in parsed) throw new Refusal(place, parsed.error);
  if (parsed.url.scheme === "") {
    throw new Refusal(place, "host must be a Docker daemon's URL, such as unix:///var/run/docker.sock");
  }
  return written;
});

interface Written {
  name: string;
  apiServer: string;
  kubeconfig: string;
  masters: readonly string[] | undefined;
  host: string | undefined;
  eks: WrittenEks | undefined;
}

const accessOf = (one: Written, http: ReturnType<typeof httpClientDraft>, at: PlaceOf): ClusterAccess => {
  const given = [one.apiServer, one.kubeconfig, one.masters, one.host].filter(
    (value) => value !== "" && value !== undefined,
  );
  if (given.length > 1) {
    throw new Refusal(at("name"), "a cluster has one of api_server, kubeconfig_file, host and masters");
  }
  if (one.eks !== undefined) return eksAccess(one.eks, { one, http, at });
  if (one.apiServer === "" && http.isCustom()) {
    throw new Refusal(at("name"), "an HTTP client configuration needs an api_server");
  }
  if (one.masters !== undefined) return { kind: "masters", masters: one.masters };
  if (one.host !== undefined) return { kind: "host", host: one.host };
  if (one.kubeconfig !== "") return { kind: "kubeconfig", file: one.kubeconfig };
  if (one.apiServer === "") return { kind: "in-cluster" };
  checkUrl(one, at);
  return { kind: "api-server", url: one.apiServer, httpClient: http.build(at) };
};

const checkUrl = ({ apiServer }: Written, at: PlaceOf) => {
  if (!URL.canParse(apiServer)) throw new Refusal(at("api_server"), "api_server must be a URL");
};

/** `api_server` and `tls_config` may stand beside it, so that nothing need be asked of EKS. */
const eksAccess = (
  eks: WrittenEks,
  { one, http, at }: { one: Written; http: ReturnType<typeof httpClientDraft>; at: PlaceOf },
): ClusterAccess => {
  if (one.kubeconfig !== "" || one.masters !== undefined || one.host !== undefined) {
    throw new Refusal(
      at("eks"),
      "beside eks a cluster may have api_server, and none of kubeconfig_file, host and masters",
    );
  }
  if (one.apiServer !== "") checkUrl(one, at);
  const httpClient = http.build(at);
  if ((httpClient.authorization ?? httpClient.basicAuth ?? httpClient.oauth2) !== undefined) {
    throw new Refusal(at("eks"), "eks signs its own tokens: no other credentials may stand beside it");
  }
  return { kind: "eks", ...eks, ...(one.apiServer === "" ? {} : { url: one.apiServer }), httpClient };
};

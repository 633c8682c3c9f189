import { statusOf } from "../../discovery/kubernetes/answer.ts";
import { listAll } from "../../discovery/kubernetes/list.ts";
import { decodeObject } from "../../discovery/kubernetes/objects/meta.ts";
import { reasonOf } from "../../errors.ts";
import { sooner } from "../deadline.ts";
import type { ClusterApi } from "./clusterapi.ts";
import { NotListed, type Objects } from "./objects.ts";

/** Lists of any resource, nothing but their metadata. */
export const createKubernetesObjects = (api: Pick<ClusterApi, "client">): Objects => ({
  list: async ({ group, version, resource: name }, { namespace, label, field }, given) => {
    const place = group === "" ? `/api/${version}` : `/apis/${group}/${version}`;
    const resource = { name, api: place, metadataOnly: true, decode: decodeObject };
    const selector = { label, field };
    try {
      const client = await api.client();
      const signal = sooner(AbortSignal.timeout(listMilliseconds), given);
      const found = await listAll({ resource, namespace: namespace ?? "", selector }, { ...client, signal });
      return found.map(({ meta: { namespace, name, labels } }) => ({ namespace, name, labels }));
    } catch (cause) {
      throw new NotListed(reasonOf(cause), { cause, badSelector: badSelectorIn(cause) });
    }
  },
});

/** An aggregator waits for a minute. */
const listMilliseconds = 25_000;

/** What the server says of a selector that it does not understand, behind the place and the status. */
const badSelectorIn = (error: unknown): string | undefined => {
  const status = statusOf(error);
  return status?.code === 400 ? reasonOf(error).split(`${status.message}: `).at(-1) : undefined;
};

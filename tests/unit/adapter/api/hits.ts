import { node, pod } from "../world.ts";

export const v1 = "/apis/custom.metrics.k8s.io/v1beta1";

export const hits = { hits: { web: 0.0164, api: 2000 } };

export const objects = { "shop/pods": [pod("api"), pod("idle"), pod("web")], "/nodes": [node("n1")] };

/** Entity keys (spec A3): what a batch, the model API and the sinks call an entity by. */
export const clusterKey = "cluster";
export const nodeKey = (node: string): string => `node:${node}`;
export const nodeContainerKey = (node: string, container: string): string =>
  `node:${node}/container:${container}`;
export const namespaceKey = (namespace: string): string => `namespace:${namespace}`;
export const podKey = (namespace: string, pod: string): string => `namespace:${namespace}/pod:${pod}`;
export const podContainerKey = (namespace: string, pod: string, container: string): string =>
  `namespace:${namespace}/pod:${pod}/container:${container}`;

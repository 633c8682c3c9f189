const opened = `#/targets/pods?t=${encodeURIComponent("pod/billing/cart-1 10.0.0.1:8080")}`;

/** Every view of the page over the made-up fleet, by its address's fragment. */
export const views = {
  overview: "",
  targets: "#/targets/pods",
  "one target": opened,
  "relabel steps": `${opened}&tab=steps`,
  explain: "#/explain?object=pod/kube-system/web-3",
  changes: "#/changes",
  metrics: "#/metrics",
  "metrics of a pod": "#/metrics?namespace=shop&pod=cart-7d9f4b-x2k4q",
};

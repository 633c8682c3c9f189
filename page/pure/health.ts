import type { Provider } from "../live/shapes.ts";

type Health = Provider["health"];

/** The worst of them; `ok` for a job that has no providers at all. */
export const worstHealth = (healths: readonly Health[]): Health =>
  badFirst.find((health) => healths.includes(health)) ?? "ok";

const badFirst: readonly Health[] = ["failing", "stale", "never", "ok"];

/** One sentence about everything, for the top of the overview. */
export const stateOfThings = (providers: readonly Provider[], deadLetters: number): string => {
  if (providers.length === 0) return "No discovery is configured yet.";
  const count = (health: Health) => providers.filter((one) => one.health === health).length;
  const held = providers.filter(({ guard }) => guard !== null).length;
  const troubles = [
    said(count("failing"), "provider is failing", "providers are failing"),
    said(count("stale"), "provider is stale", "providers are stale"),
    said(count("never"), "provider has not answered yet", "providers have not answered yet"),
    said(held, "provider has removals held back", "providers have removals held back"),
    said(deadLetters, "message could never be applied", "messages could never be applied"),
  ].filter((trouble) => trouble !== "");
  if (troubles.length === 0) return "Every provider answers, and nothing is held back.";
  const last = troubles.pop() ?? "";
  const all = troubles.length === 0 ? last : `${troubles.join(", ")}, and ${last}`;
  return `${all.charAt(0).toUpperCase()}${all.slice(1)}.`;
};

const said = (count: number, one: string, several: string) =>
  count === 0 ? "" : `${count} ${count === 1 ? one : several}`;

import { one, type World } from "./world.ts";

export const minute = 60_000;

export const orders = (world: World) =>
  world.puts
    .flatMap(({ entries }) => entries)
    .filter(({ detailType }) => detailType === "Relay Due")
    .map(({ detail }) => detail);

export const change = (world: World, source: string, address: string) => {
  world.follow.put(one, source, address);
  world.follow.told(one, source);
};

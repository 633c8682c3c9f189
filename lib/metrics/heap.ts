import { setFlagsFromString } from "node:v8";

/**
 * V8 lets a heap grow to a multiple of what lives in it before it looks for what does not. A batch lives for nearly the whole of its cycle, so that
 * this is mostly waste: a third is enough. Unlike a limit it lets a larger cluster have what it needs.
 */
export const keepHeapSmall = (): void => setFlagsFromString(flag);

const flag = "--heap-growing-percent=35";

/**
 * Megabytes as V8 takes them, and a flag only as a process begins: `NODE_OPTIONS` of the function. Most of what the young
 * generation holds of a batch lives on, so that a larger one only copies more of it.
 */
export const youngGeneration = "--max-semi-space-size=12";

import { setFlagsFromString } from "node:v8";

/**
 * V8 lets a heap grow to a multiple of what lives in it before it looks for what does not. A batch lives for nearly the whole of its cycle, so that
 * this is mostly waste: a quarter is enough, for a fifth more of CPU time. Unlike a limit it lets a larger cluster have what it needs.
 */
export const keepHeapSmall = (): void => setFlagsFromString(flag);

const flag = "--heap-growing-percent=25";

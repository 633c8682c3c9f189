import { readFileSync } from "node:fs";

/** Peak resident memory of a process so far, in MB, as the kernel counts it. */
export const peakMegabytes = (pid: number): number => Math.round(memoryOf(pid, "VmHWM"));

/** Resident memory of a process now, in MB. */
export const residentMegabytes = (pid: number): number => memoryOf(pid, "VmRSS");

/** Of that what no file stands behind: pages of mapped files, such as the embedded table's, go when others need the room. */
export const ownMegabytes = (pid: number): number => memoryOf(pid, "RssAnon");

const memoryOf = (pid: number, field: "VmHWM" | "VmRSS" | "RssAnon"): number => {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, "m").exec(status)?.[1] ?? 0) / 1024;
};

/** CPU seconds of a process so far, its threads and the kernel's work for it included. */
export const cpuSeconds = (pid: number): number => {
  const [, rest = ""] = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ");
  // utime and stime, the 14th and 15th field, in ticks of which Linux has a hundred a second on every platform.
  const [user = 0, system = 0] = rest.split(" ").slice(11, 13).map(Number);
  return (user + system) / 100;
};

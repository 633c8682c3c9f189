import { readFileSync } from "node:fs";

/** Bytes in memory of LevelDB's mapped files, of this process (proc_pid_smaps(5)). */
export const tableInMemory = (): number =>
  readFileSync("/proc/self/smaps", "utf8")
    .matchAll(/\.ldb\b.*\n(?:\w+: .*\n)*?Rss:\s+(\d+) kB/g)
    .reduce((sum, [, kilobytes]) => sum + Number(kilobytes) * 1024, 0);

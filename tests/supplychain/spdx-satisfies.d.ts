declare module "spdx-satisfies" {
  /** Throws for what is no SPDX expression. */
  export default function satisfies(expression: string, allowed: readonly string[]): boolean;
}

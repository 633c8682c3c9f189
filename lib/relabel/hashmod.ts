import { hash } from "node:crypto";

/**
 * The `hashmod` action: the last eight bytes of a text's MD5, most significant first, modulo `modulus`. All of it is
 * unsigned and has 64 bits, hence bigint.
 */
export const hashmod = (text: string, modulus: bigint): bigint =>
  hash("md5", text, "buffer").readBigUInt64BE(8) % modulus;

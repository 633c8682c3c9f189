import dns from "node:dns";
import { BlockList, isIP, type LookupFunction } from "node:net";

/**
 * In the cloud no request and no redirect goes to loopback or link-local addresses (design §3.1): whoever may write a
 * configuration could otherwise read the function's own credentials from the platform's metadata address.
 */
export const refuseInwardHost = (url: URL): void => {
  const host = url.hostname.replace(/^\[|\]$/g, "");
  if (isIP(host) !== 0 && isInward(host)) throw inwardError(host);
};

/** Name resolution under the same rule: a name that leads inwards is refused, so that no name can hide the address. */
export const publicLookup: LookupFunction = (hostname, options, callback) => {
  dns.lookup(hostname, options, (error, found, family) => {
    if (error !== null) return callback(error, found, family);
    const addresses = typeof found === "string" ? [found] : found.map(({ address }) => address);
    const inward = addresses.find(isInward);
    return callback(inward === undefined ? null : inwardError(hostname), found, family);
  });
};

/** What is wrong with an address that was reached in the end; undefined when nothing is. */
export const inwardAddress = (address: string): Error | undefined =>
  isIP(address) !== 0 && isInward(address) ? inwardError(address) : undefined;

const isInward = (address: string): boolean => inward.check(address, isIP(address) === 6 ? "ipv6" : "ipv4");

const inwardError = (host: string) =>
  new Error(`${host} is a loopback or link-local address, which is not reached from the cloud`);

const inward = new BlockList();
inward.addSubnet("0.0.0.0", 8, "ipv4");
inward.addSubnet("127.0.0.0", 8, "ipv4");
inward.addSubnet("169.254.0.0", 16, "ipv4");
// IPv4-compatible addresses, "::" and "::1" among them; those mapped into IPv6 are held to the rules for IPv4 by BlockList.
inward.addSubnet("::", 96, "ipv6");
inward.addSubnet("fe80::", 10, "ipv6");
// AWS's own services on a machine that speaks IPv6: metadata, credentials of pods, time, names.
inward.addSubnet("fd00:ec2::", 32, "ipv6");
// The same IPv4 networks behind NAT64 and 6to4.
for (const [network, bits] of [
  ["0000", 8],
  ["7f00", 8],
  ["a9fe", 16],
] as const) {
  inward.addSubnet(`64:ff9b::${network}:0`, 96 + bits, "ipv6");
  inward.addSubnet(`2002:${network}::`, 16 + bits, "ipv6");
}

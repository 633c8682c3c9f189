import { writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { pipeline } from "node:stream";
import { createServer, type TLSSocket } from "node:tls";
import { listening } from "../../fakes/listening.ts";
import { createAuthority } from "../../unit/http/support/certificates.ts";

/** A TLS listener before the daemon's socket that lets in nobody without a certificate of its own authority. */
export interface TlsDoor {
  /** `host:port`. */
  readonly address: string;
  /** What a client needs, as a `tls_config`. */
  readonly tlsConfig: Readonly<Record<string, string>>;
  close(): void;
}

/** One engine has TLS on all its TCP listeners or on none, so the encrypted one stands before it. */
export const openTlsDoor = async (socket: string, folder: string): Promise<TlsDoor> => {
  const authority = createAuthority("docker");
  const { cert, key } = authority.issue("daemon");
  const open = new Set<TLSSocket>();
  const options = { cert, key, ca: authority.cert, requestCert: true, rejectUnauthorized: true };
  const server = createServer(options, (client) => {
    open.add(client);
    const daemon = connect(socket);
    // Either side may leave; the other is then closed, and there is nobody to tell.
    pipeline(client, daemon, client, () => open.delete(client));
  });
  const port = await listening(server);
  const client = authority.issue("client");
  const files = { ca_file: authority.cert, cert_file: client.cert, key_file: client.key };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, `${name}.pem`), text);
  return {
    address: `127.0.0.1:${port}`,
    tlsConfig: Object.fromEntries(Object.keys(files).map((name) => [name, join(folder, `${name}.pem`)])),
    close: () => {
      for (const client of open) client.destroy();
      server.close();
    },
  };
};

import { finished } from "node:stream/promises";
import { NodeHttpHandler, type NodeHttpHandlerOptions } from "@smithy/node-http-handler";
import pLimit from "p-limit";

type Handle = NodeHttpHandler["handle"];

/**
 * The SDK's HTTP handler with a gate before it: as many requests are under way as there are sockets, each until the last byte of its
 * answer, and the others wait in the order in which they came. The handler counts an attempt's time from when it is given the request, and
 * takes one without a socket for a connection that does not come about; whoever waits before the gate loses none of it. What is
 * called off by its signal waits no longer; else the end of the function's own time bounds the wait.
 */
export class GatedHandler extends NodeHttpHandler {
  readonly #limit: ReturnType<typeof pLimit>;

  constructor(sockets: number, options: NodeHttpHandlerOptions) {
    const agent = { keepAlive: true, maxSockets: sockets };
    super({ ...options, httpAgent: agent, httpsAgent: agent });
    this.#limit = pLimit(sockets);
  }

  override handle(...[request, options = {}]: Parameters<Handle>): ReturnType<Handle> {
    const signal = options.abortSignal instanceof AbortSignal ? options.abortSignal : undefined;
    if (signal?.aborted) return super.handle(request, options);
    const { promise, resolve } = Promise.withResolvers<Awaited<ReturnType<Handle>>>();
    // Nothing is sent of what is called off: the handler says so, in its own words.
    const callOff = () => resolve(super.handle(request, options));
    signal?.addEventListener("abort", callOff, { once: true });
    const work = async () => {
      signal?.removeEventListener("abort", callOff);
      if (signal?.aborted) return;
      const answer = super.handle(request, options);
      resolve(answer);
      await finished((await answer).response.body);
    };
    // What becomes of a request its asker is told.
    this.#limit(work).catch(() => undefined);
    return promise;
  }
}

import http, { type IncomingMessage, type ServerResponse } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import fc from "fast-check";
import { listening } from "../fakes/listening.ts";
import { byteFaults, spoiltText, type TextFault } from "./bytes.ts";
import type { Scope } from "./door.ts";
import { hostileText } from "./hostile.ts";
import { spoiltJson, spoiltLines, type TreeFault, treeFaults } from "./trees.ts";
import { broken, isSlow, type Kind, type Sending, type Way, ways, whole } from "./ways.ts";

/** What happens to an answer: to its document, to its bytes, and on its way. */
export interface AnswerFault {
  readonly tree: readonly TreeFault[];
  readonly bytes: readonly TextFault[];
  readonly way: Way;
}

const way = (kinds: readonly Kind[]): fc.Arbitrary<Way> =>
  fc.record({ kind: fc.constantFrom(...kinds), at: fc.nat({ max: 10_000 }), text: hostileText });

/** One in four spoils the document, one in two the way. */
export const answerFault: fc.Arbitrary<AnswerFault> = fc.oneof(
  {
    weight: 1,
    arbitrary: fc.record({ tree: fc.constant([]), bytes: fc.constant([]), way: way(whole) }),
  },
  { weight: 1, arbitrary: fc.record({ tree: treeFaults, bytes: byteFaults, way: way(whole) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      tree: fc.constant([]),
      bytes: fc.constant([]),
      way: way([...broken, "status", "status", "echo"]),
    }),
  },
);

/** The n-th request gets the n-th, and then from the beginning. */
export const answerFaults = fc.array(answerFault, { minLength: 1, maxLength: 4 });

/** Without those that end by a deadline of our own code's that nobody waits for here. */
export const hastyFaults = answerFaults.map((faults) => faults.filter((fault) => !isSlow(fault)));

/** What a sound server would answer: a document, or a text as it stands; undefined for a 404. */
export interface Sound {
  readonly document?: unknown;
  /** One a line, as a watch sends them. */
  readonly documents?: readonly unknown[];
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A server on loopback whose answers go wrong as it is told. */
export const startHostile = async (
  scope: Scope,
  soundly: (request: IncomingMessage, url: URL) => Sound | undefined,
) => {
  let faults: readonly AnswerFault[] = [];
  let given: AnswerFault[] = [];
  let thenWell = false;
  let well = 0;
  const server = http.createServer(async (request, response) => {
    request.resume();
    const isOver = faults.length === 0 || (thenWell && given.length >= faults.length);
    const fault = isOver ? undefined : faults[given.length % faults.length];
    if (fault === undefined) well += 1;
    else given.push(fault);
    const sound = soundly(request, new URL(request.url ?? "/", "http://loopback"));
    await answer({ request, response, sound, fault: fault ?? nothingWrong });
  });
  server.on("clientError", (_error, socket) => socket.destroy());
  const port = await listening(server);
  scope.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    url: new URL(`http://127.0.0.1:${port}/`),
    /** `thenWell`: each fault once, else from the beginning again. */
    play: (next: readonly AnswerFault[], options = { thenWell: false }) => {
      [faults, given, thenWell, well] = [next, [], options.thenWell, 0];
      server.closeAllConnections();
    },
    /** Resolves when nothing was done to so many answers. */
    wellFor: async (answers: number) => {
      while (well < answers) await pause(2);
    },
    /** What was done to the answers so far. */
    given: (): readonly AnswerFault[] => given,
  };
};

const nothingWrong: AnswerFault = { tree: [], bytes: [], way: { kind: "plain", at: 0, text: "" } };

interface Answering {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly sound: Sound | undefined;
  readonly fault: AnswerFault;
}

const answer = async ({ request, response, sound, fault }: Answering): Promise<void> => {
  response.on("error", () => undefined);
  if (sound === undefined) return void response.writeHead(404).end();
  const json = textOf(sound, fault.tree);
  const body = fault.bytes.length === 0 ? Buffer.from(json) : spoiltText(json, fault.bytes);
  const headers = { "content-type": "application/json", ...sound.headers };
  const sending: Sending = { response, body, headers, at: fault.way.at, text: fault.way.text };
  await ways[fault.way.kind](sending, request);
};

const textOf = ({ text, document, documents }: Sound, faults: readonly TreeFault[]): string => {
  if (documents !== undefined) return spoiltLines(documents, faults);
  return text ?? spoiltJson(document, faults);
};

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Clock } from "../../lib/clock.ts";
import { openJournal } from "./journal.ts";
import { createQueue, type Queue, type QueueDefinition } from "./queue.ts";

/**
 * Every queue of the template. Those that take dead letters (`kept`, and every redrive target) are kept in `folder`,
 * so that a person finds them after a restart; of the others the next look repairs what a restart lost.
 */
export const openQueues = (options: {
  definitions: readonly QueueDefinition[];
  /** ARNs of queues that take dead letters from elsewhere, such as from a rule. */
  kept: ReadonlySet<string>;
  folder: string;
  clock: Clock;
}): Queue[] => {
  const { definitions, kept, folder, clock } = options;
  mkdirSync(folder, { recursive: true });
  const targets = new Set([...kept, ...definitions.flatMap(({ redrive }) => redrive?.deadLetterArn ?? [])]);
  const open = new Map<string, Queue>();
  const ordered = inOrderOfRedrive(definitions);
  for (const definition of ordered) {
    const deadLetters = open.get(definition.redrive?.deadLetterArn ?? "");
    const isKept = targets.has(definition.arn);
    const journal = isKept ? { journal: openJournal(join(folder, `${definition.name}.jsonl`)) } : {};
    open.set(
      definition.arn,
      createQueue({ definition, clock, ...journal, ...(deadLetters && { deadLetters }) }),
    );
  }
  return [...open.values()];
};

/** Dead-letter queues first, since the others need them. */
const inOrderOfRedrive = (definitions: readonly QueueDefinition[]): QueueDefinition[] => {
  const ordered: QueueDefinition[] = [];
  let waiting = [...definitions];
  while (waiting.length > 0) {
    const known = new Set(ordered.map(({ arn }) => arn));
    const ready = waiting.filter(({ redrive }) => !redrive || known.has(redrive.deadLetterArn));
    const [stuck] = waiting;
    if (ready.length === 0 && stuck)
      throw new Error(`queue ${stuck.name} redrives to a queue that is not in the template, or in a circle`);
    ordered.push(...ready);
    waiting = waiting.filter((definition) => !ready.includes(definition));
  }
  return ordered;
};

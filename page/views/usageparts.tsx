import { Fragment } from "preact";
import type { Part, PartList } from "../live/shapes.ts";
import { Inline } from "../parts/value.tsx";
import { amountText } from "../pure/amount.ts";
import { formatPlace } from "../pure/route.ts";
import { grouped } from "../pure/time.ts";
import { memoryOf, partSubject, type Subject, shareOf } from "../pure/usage.ts";

interface Properties {
  readonly subject: Subject;
  readonly list: PartList;
  readonly sort: string;
  readonly onSort: (sort: string) => void;
  readonly onMore: () => void;
}

/** What a subject consists of, with what each part uses; a column's head orders by it. */
export const UsageParts = ({ subject, list, sort, onSort, onMore }: Properties) => {
  const { kind, items, total } = list;
  const shown = columns.filter(({ value }) => items.some((part) => value(part) !== undefined));
  const head = (key: string, words: string) => (
    <button type="button" class="sort" onClick={() => onSort(key)}>
      {words}
      <span aria-hidden="true">{sort === key ? (key === "name" ? " ↑" : " ↓") : ""}</span>
    </button>
  );
  const sorted = (key: string) => (sort === key ? (key === "name" ? "ascending" : "descending") : undefined);
  return (
    <section aria-labelledby={`parts-${kind}`}>
      <h2 id={`parts-${kind}`}>
        {titles[kind] ?? kind} <span class="count">{grouped(total)}</span>
      </h2>
      <table class="ledger usage-parts">
        <thead>
          <tr>
            <th scope="col" aria-sort={sorted("name")}>
              {head("name", "Name")}
            </th>
            {shown.map(({ key, words, isWide, share }) => (
              <Fragment key={key}>
                <th scope="col" class={isWide ? "number wide" : "number"} aria-sort={sorted(key)}>
                  {head(key, words)}
                </th>
                {share !== undefined && (
                  <th scope="col" class="share-head wide">
                    <span class="visually-hidden">{words} </span>
                    {kind === "node" ? "of allocatable" : "of limit"}
                  </th>
                )}
              </Fragment>
            ))}
          </tr>
        </thead>
        <tbody>
          {items.map((part) => (
            <tr key={`${part.namespace}/${part.name}`}>
              <th scope="row">
                <PartName subject={subject} kind={kind} part={part} />
              </th>
              {shown.map((column) => (
                <Cells key={column.key} column={column} part={part} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {items.length < total && (
        <p>
          <button type="button" onClick={onMore}>
            Show more of {grouped(total)}
          </button>
        </p>
      )}
    </section>
  );
};

const titles: Readonly<Record<string, string>> = {
  namespace: "Namespaces",
  node: "Nodes",
  pod: "Pods",
  container: "Containers",
  system: "The node’s own programs",
};

interface Column {
  /** As the server's `sort` has it. */
  readonly key: string;
  readonly words: string;
  readonly value: (part: Part) => number | undefined;
  readonly text: (value: number) => string;
  /** Of what it may have. */
  readonly share?: (part: Part) => number | undefined;
  readonly isWide?: true;
}

const columns: readonly Column[] = [
  {
    key: "cpu",
    words: "CPU",
    value: ({ values }) => values["cpu/usage_rate"],
    text: (value) => amountText("cpu", value),
    share: (part) => shareOf(part, "cpu"),
  },
  {
    key: "memory",
    words: "Memory",
    value: ({ values }) => memoryOf(values),
    text: (value) => amountText("bytes", value),
    share: (part) => shareOf(part, "memory"),
  },
  {
    key: "received",
    words: "Received",
    value: ({ values }) => values["network/rx_rate"],
    text: (value) => amountText("rate", value),
    isWide: true,
  },
  {
    key: "sent",
    words: "Sent",
    value: ({ values }) => values["network/tx_rate"],
    text: (value) => amountText("rate", value),
    isWide: true,
  },
  {
    key: "restarts",
    words: "Restarts",
    value: ({ values }) => values.restart_count,
    text: grouped,
    isWide: true,
  },
];

const PartName = ({ subject, kind, part }: { subject: Subject; kind: string; part: Part }) => {
  const own = partSubject(subject, kind, part);
  const name = <Inline text={part.name} most={80} />;
  if (own === undefined) return name;
  return (
    <>
      <a href={formatPlace({ view: "metrics", job: "", asked: { ...own } })}>{name}</a>
      {subject.node !== "" && kind === "pod" && (
        <span class="soft part-place">
          <Inline text={part.namespace} most={60} />
        </span>
      )}
    </>
  );
};

const Cells = ({ column, part }: { column: Column; part: Part }) => {
  const value = column.value(part);
  return (
    <>
      <td class={column.isWide ? "number wide" : "number"}>
        {value === undefined ? "–" : column.text(value)}
      </td>
      {column.share !== undefined && <ShareCell share={column.share(part)} />}
    </>
  );
};

/** How much of its limit, or of what a node can give; a colour for when it nears that. */
const ShareCell = ({ share }: { share: number | undefined }) => (
  <td class="share-cell wide">
    {share !== undefined && (
      <span class="share" title={`${Math.round(100 * share)} % of what it may have`}>
        <span class={share >= 0.9 ? "share-full" : "share-active"} style={{ flexGrow: Math.min(1, share) }} />
        <span class="share-rest" style={{ flexGrow: Math.max(0, 1 - share) }} />
        <span class="visually-hidden">{Math.round(100 * share)} %</span>
      </span>
    )}
  </td>
);

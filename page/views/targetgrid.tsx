import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { useMedia } from "../live/media.ts";
import type { Target } from "../live/shapes.ts";
import { rowAfterKey, rowsInView, scrollToRow } from "../pure/window.ts";
import { TargetRow } from "./targetrow.tsx";

interface Properties {
  readonly targets: readonly Target[];
  readonly opened: Target | undefined;
  readonly isLoading: boolean;
  readonly onOpen: (target: Target) => void;
}

/**
 * The table of targets. Only the rows in view are in the document; a screen reader is told how many there are and which
 * is the current one, which arrow keys, Page Up and Down, Home and End move, and Enter opens.
 */
export const TargetGrid = ({ targets, opened, isLoading, onOpen }: Properties) => {
  const grid = useRef<HTMLTableElement>(null);
  const { scrolled, active, openedAt, open, onKeyDown } = useRows(grid, { targets, opened, onOpen });
  const { rowHeight } = scrolled;
  const { first, end } = rowsInView(scrolled);
  return (
    <table
      ref={grid}
      class="grid"
      role="grid"
      aria-label="Targets"
      aria-rowcount={targets.length + 1}
      aria-colcount={3}
      aria-busy={isLoading}
      aria-activedescendant={active >= first && active < end ? `target-${active}` : undefined}
      tabIndex={0}
      onKeyDown={onKeyDown}
      onClick={(event) => open(rowOf(event.target))}
    >
      <thead>
        <tr class="grid-head" aria-rowindex={1}>
          <th scope="col">Target</th>
          <th scope="col">Discovered labels</th>
          <th scope="col">Final labels</th>
        </tr>
      </thead>
      <tbody class="grid-rows" style={{ height: `${targets.length * rowHeight}px` }}>
        {targets.slice(first, end).map((target, offset) => (
          <TargetRow
            key={first + offset}
            index={first + offset}
            top={(first + offset) * rowHeight}
            target={target}
            isCurrent={first + offset === active}
            isOpen={first + offset === openedAt}
          />
        ))}
      </tbody>
      {targets.length === 0 && !isLoading && <caption class="nothing">No target fits.</caption>}
    </table>
  );
};

/** Which row is the current one, and what keys and clicks do to that. */
const useRows = (
  grid: { readonly current: HTMLElement | null },
  { targets, opened, onOpen }: Omit<Properties, "isLoading">,
) => {
  const isNarrow = useMedia("(max-width: 760px)");
  const [current, setCurrent] = useState(0);
  const view = useViewport(grid);
  const openedAt = opened === undefined ? -1 : targets.indexOf(opened);
  const rowHeight = isNarrow ? tallRow : row;
  const scrolled = { ...view, rowHeight, total: targets.length };
  useEffect(() => {
    if (openedAt >= 0) setCurrent(openedAt);
  }, [openedAt]);
  const active = Math.min(current, targets.length - 1);
  const move = (to: number) => {
    setCurrent(to);
    grid.current?.scrollTo({ top: scrollToRow(to, scrolled) });
    const target = targets[to];
    // Beside an open target the arrow keys leaf through them.
    if (opened !== undefined && target !== undefined) onOpen(target);
  };
  const open = (at: number) => {
    const target = targets[at];
    if (target === undefined) return;
    setCurrent(at);
    onOpen(target);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const to = rowAfterKey(event.key, active, scrolled);
    if (to === undefined && event.key !== "Enter") return;
    event.preventDefault();
    if (to === undefined) open(active);
    else move(to);
  };
  return { scrolled, active, openedAt, open, onKeyDown };
};

const rowOf = (clicked: EventTarget | null): number => {
  const row = clicked instanceof Element ? clicked.closest<HTMLElement>("tr[data-row]") : null;
  return Number(row?.dataset.row ?? Number.NaN);
};

/** CSS pixels, as in targets.css. */
const row = 58;
const tallRow = 100;
const head = 32;

const useViewport = (grid: { readonly current: HTMLElement | null }) => {
  const [view, setView] = useState({ scrollTop: 0, viewport: 800 });
  useLayoutEffect(() => {
    const element = grid.current;
    if (element === null) return;
    const read = () => setView({ scrollTop: element.scrollTop, viewport: element.clientHeight - head });
    read();
    const observer = new ResizeObserver(read);
    observer.observe(element);
    element.addEventListener("scroll", read, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener("scroll", read);
    };
  }, [grid]);
  return view;
};

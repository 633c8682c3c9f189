/** A long list of rows of one height, of which only some are drawn. Lengths are CSS pixels. */
export interface Scrolled {
  readonly scrollTop: number;
  readonly viewport: number;
  readonly rowHeight: number;
  readonly total: number;
}

/** The rows to draw, `first` up to but without `end`: those in view, and a few on either side for quick scrolling. */
export const rowsInView = (
  { scrollTop, viewport, rowHeight, total }: Scrolled,
  spare = 8,
): { readonly first: number; readonly end: number } => {
  const top = Math.max(0, Math.min(scrollTop, total * rowHeight - viewport));
  const first = Math.max(0, Math.floor(top / rowHeight) - spare);
  const end = Math.min(total, Math.ceil((top + viewport) / rowHeight) + spare);
  return { first, end: Math.max(first, end) };
};

/** Where to scroll so that a row is wholly in view; where it is already, nothing moves. */
export const scrollToRow = (row: number, { scrollTop, viewport, rowHeight }: Scrolled): number => {
  const top = row * rowHeight;
  if (top < scrollTop) return top;
  const bottom = top + rowHeight;
  return bottom > scrollTop + viewport ? bottom - viewport : scrollTop;
};

/** The row that a key leads to, or undefined for a key that does not move. */
export const rowAfterKey = (
  key: string,
  row: number,
  { viewport, rowHeight, total }: Omit<Scrolled, "scrollTop">,
): number | undefined => {
  const page = Math.max(1, Math.floor(viewport / rowHeight) - 1);
  const moves: Readonly<Record<string, number>> = {
    ArrowDown: row + 1,
    ArrowUp: row - 1,
    PageDown: row + page,
    PageUp: row - page,
    Home: 0,
    End: total - 1,
  };
  const to = moves[key];
  return to === undefined ? undefined : Math.max(0, Math.min(total - 1, to));
};

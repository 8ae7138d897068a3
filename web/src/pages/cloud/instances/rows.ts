// SPDX-License-Identifier: Apache-2.0
import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from "react";

export interface ActiveRow {
  index: number;
  id: string;
  /** The row has received the focus. */
  mark: (index: number) => void;
  /** The focus went elsewhere. */
  unmark: () => void;
  /** Focuses the row as soon as it is rendered. */
  focus: (index: number) => void;
}

/** The row of a virtual list that Tab goes to. Where it is removed, the one in its place takes over, with the focus. */
export function useActiveRow(ids: readonly string[], list: RefObject<HTMLElement | null>): ActiveRow {
  const [row, setRow] = useState({ index: 0, id: ids[0] ?? "" });
  const wanted = useRef(false);
  const focused = useRef(false);
  const index = ids[row.index] === row.id ? row.index : indexAfterChange(row, ids);
  const id = ids[index] ?? "";
  const gone = id !== row.id;

  useLayoutEffect(() => {
    const orphaned = gone && focused.current && document.activeElement === document.body;
    if (wanted.current || orphaned) {
      const element = list.current?.querySelector<HTMLElement>(`[data-instance="${CSS.escape(id)}"]`);
      element?.focus({ preventScroll: true });
      wanted.current = element === null || element === undefined;
    }
  });

  const mark = (at: number) => {
    focused.current = true;
    setRow({ index: at, id: ids[at] ?? "" });
  };
  const focus = (at: number) => {
    wanted.current = true;
    mark(at);
  };
  const unmark = () => {
    focused.current = false;
  };
  return { index, id, mark, unmark, focus };
}

function indexAfterChange(row: { index: number; id: string }, ids: readonly string[]): number {
  const moved = ids.indexOf(row.id);
  return moved >= 0 ? moved : Math.max(0, Math.min(row.index, ids.length - 1));
}

/** The previous array while the new one has the same items, so that dependents are not rendered again. */
export function useStableList<T>(list: readonly T[]): readonly T[] {
  const [kept, keep] = useState(list);
  if (kept.length === list.length && kept.every((each, at) => each === list[at])) {
    return kept;
  }
  keep(list);
  return list;
}

/** Scrolls to the open instance, once, as soon as it is known. */
export function useReveal(open: string | null, ids: readonly string[], show: (index: number) => void): void {
  const at = open === null ? -1 : ids.indexOf(open);
  const known = at >= 0;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a list that changes later must not move the reader
  useEffect(() => {
    if (known) {
      show(at);
    }
  }, [open, known]);
}

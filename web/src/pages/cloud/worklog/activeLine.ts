// SPDX-License-Identifier: Apache-2.0
import { type RefObject, useLayoutEffect, useRef, useState } from "react";
import { keyOf, type Line } from "./lines";

export interface ActiveLine {
  index: number;
  /** The line has received the focus. */
  mark: (index: number) => void;
  /** Focuses the line as soon as it is rendered. */
  focus: (index: number) => void;
}

/** The line of the Worklog that Tab goes to: the one that had the focus last, or else the newest. */
export function useActiveLine(lines: readonly Line[], list: RefObject<HTMLElement | null>): ActiveLine {
  const [key, setKey] = useState<string | number | null>(null);
  const wanted = useRef(false);
  const at = key === null ? -1 : lines.findIndex((line) => keyOf(line) === key);
  const index = at < 0 ? lines.length - 1 : at;

  useLayoutEffect(() => {
    const element = wanted.current && list.current?.querySelector<HTMLElement>('[data-line][tabindex="0"]');
    if (element) {
      element.focus({ preventScroll: true });
      wanted.current = false;
    }
  });

  const mark = (next: number) => setKey(keyOf(lines[next] as Line));
  const focus = (next: number) => {
    wanted.current = true;
    mark(next);
  };
  return { index, mark, focus };
}

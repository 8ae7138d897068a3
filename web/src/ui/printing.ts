// SPDX-License-Identifier: Apache-2.0
import { useSyncExternalStore } from "react";
import { flushSync } from "react-dom";

/** The number of rows of a long list that are printed, around the visible ones. */
const printedRowsMax = 1000;

const { dataset } = document.documentElement;

/** Sets `data-paper` on the root while the page is printed, for the style sheet. Called once, before the first render. */
export function trackPrinting(): void {
  window.addEventListener("beforeprint", () => {
    dataset.paper = "";
  });
  window.addEventListener("afterprint", () => {
    delete dataset.paper;
  });
}

/** Whether the page is being printed, where nothing scrolls: long lists render `rowsToPrint`, and measure nothing. */
export function useIsPrinting(): boolean {
  return useSyncExternalStore(subscribe, () => "paper" in dataset);
}

/** What is used of a virtualizer here. */
interface LongList {
  range: { startIndex: number } | null;
  options: {
    count: number;
    getItemKey: (index: number) => number | string | bigint;
    estimateSize: (index: number) => number;
  };
}

/** The rows of a long list that are printed, in document flow: the style sheet overrides their offsets. */
export function rowsToPrint({ range, options }: LongList) {
  const { count, getItemKey, estimateSize } = options;
  const middle = (range?.startIndex ?? 0) - printedRowsMax / 2;
  const first = Math.max(0, Math.min(middle, count - printedRowsMax));
  return Array.from({ length: Math.min(count, printedRowsMax) }, (_, at) => {
    const index = first + at;
    return { index, key: getItemKey(index), start: 0, size: estimateSize(index) };
  });
}

function subscribe(changed: () => void): () => void {
  // Synchronously: the browser lays the page out as soon as all listeners have run.
  const turn = () => flushSync(changed);
  window.addEventListener("beforeprint", turn);
  window.addEventListener("afterprint", turn);
  return () => {
    window.removeEventListener("beforeprint", turn);
    window.removeEventListener("afterprint", turn);
  };
}

// SPDX-License-Identifier: Apache-2.0
import { useEffect, useRef, useState } from "react";
import { clearingOf, useCloud } from "../store/cloud";
import { loadOlder } from "../store/feed";
import { hasOlder } from "../store/worklog";

/** So many lines are more than any screen has room for. */
const enough = 60;

export interface OlderLines {
  /** The server has some that are not loaded, and they are wanted. */
  exist: boolean;
  /** They are being read. */
  reading: boolean;
  /** Reads the page before the first line, one at a time. */
  read: () => void;
}

/**
 * What lies before the loaded lines. A filter looks through them too: while it leaves few lines (`found`), or none, there is
 * nothing to scroll, and the pages are read until there is.
 */
export function useOlderLines(filtered: boolean, found: number): OlderLines {
  // Who has cleared the view does not want them.
  const exist = useCloud((store) => hasOlder(store.worklog) && clearingOf(store) === null);
  const trouble = useCloud((store) => store.historyTrouble !== null);
  const [reading, setReading] = useState(false);
  const [pagesRead, setPagesRead] = useState(0);
  const controller = useRef<AbortController | null>(null);
  const read = () => {
    if (exist && controller.current === null) {
      const own = new AbortController();
      controller.current = own;
      setReading(true);
      void loadOlder(own.signal).finally(() => {
        controller.current = null;
        setReading(false);
        setPagesRead((count) => count + 1);
      });
    }
  };
  useEffect(() => () => controller.current?.abort(), []);
  // What failed is not asked for again and again; there is a button for that.
  const wanted = filtered && found < enough && exist && !trouble && !reading;
  // biome-ignore lint/correctness/useExhaustiveDependencies: after each page it looks whether more is wanted
  useEffect(() => {
    if (wanted) {
      read();
    }
  }, [wanted, pagesRead]);
  return { exist, reading, read };
}

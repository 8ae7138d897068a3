// SPDX-License-Identifier: Apache-2.0
import { useEffect, useRef, useState } from "react";
import { clearingOf, useCloud } from "../store/cloud";
import { loadOlder } from "../store/feed";
import { hasOlder } from "../store/worklog";

/** More lines than any screen shows. */
const enough = 60;

export interface OlderLines {
  /** The server has lines that are not loaded, and they are to be shown. */
  exist: boolean;
  /** They are being read. */
  reading: boolean;
  /** Reads the page before the first line, one at a time. */
  read: () => void;
}

/**
 * The lines before the loaded ones. A filter searches them, too: while it leaves few lines (`found`), or none, there is nothing
 * to scroll, and pages are read until there is.
 */
export function useOlderLines(filtered: boolean, found: number): OlderLines {
  // After clearing the view they are not to be shown.
  const exist = useCloud((store) => hasOlder(store.worklog) && clearingOf(store) === null);
  const hasFailed = useCloud((store) => store.historyError !== null);
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
  // After an error there is a button instead of automatic retries.
  const wanted = filtered && found < enough && exist && !hasFailed && !reading;
  // biome-ignore lint/correctness/useExhaustiveDependencies: after each page it looks whether more is wanted
  useEffect(() => {
    if (wanted) {
      read();
    }
  }, [wanted, pagesRead]);
  return { exist, reading, read };
}

// SPDX-License-Identifier: Apache-2.0
import { useEffect } from "react";
import { create } from "zustand";
import { useSettings } from "#/settings/settings";

export interface PageKey {
  /** `KeyboardEvent.code`: by its place, so that it works on the Russian layout too. */
  code: string;
  /** As the list of keys shows it. */
  shown: string;
  what: string;
  /** Absent: whatever has the focus does it, and the list only tells of it. */
  act?: () => void;
}

interface Store {
  keys: ReadonlyMap<string, PageKey>;
  /** The page takes every letter for a text, so those of the portal do nothing there. */
  lettersAreText: boolean;
}

/** The keys of the page that is shown; the shell listens for them and lists them. */
export const usePageKeys = create<Store>()(() => ({ keys: new Map(), lettersAreText: false }));

/** Gives this page its keys while it is shown. Pass a constant array, or one that is memoised. */
export function useKeys(keys: readonly PageKey[]): void {
  useEffect(() => {
    usePageKeys.setState({ keys: new Map(keys.map((key) => [key.code, key])) });
    return () => usePageKeys.setState({ keys: new Map() });
  }, [keys]);
}

/** The code of a plain key that nobody is typing with; null otherwise, and where such keys are switched off (WCAG 2.1.4). */
export function letterOf(event: KeyboardEvent): string | null {
  const typing =
    event.target instanceof HTMLElement &&
    (event.target.isContentEditable || event.target.matches("input, textarea, select"));
  const modified = event.ctrlKey || event.metaKey || event.altKey;
  const inDialog = document.querySelector("dialog[open]") !== null;
  if (
    typing ||
    modified ||
    inDialog ||
    event.isComposing ||
    event.defaultPrevented ||
    !useSettings.getState().shortcuts
  ) {
    return null;
  }
  return event.code;
}

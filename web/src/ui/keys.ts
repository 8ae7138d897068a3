// SPDX-License-Identifier: Apache-2.0
import { useEffect } from "react";
import { create } from "zustand";
import { useSettings } from "#/settings/settings";

export interface PageKey {
  /** `KeyboardEvent.code`: the physical key, so that it works on the Russian layout too. */
  code: string;
  /** How the list of shortcuts shows the key. */
  keyLabel: string;
  label: string;
  /** Absent: the focused element handles the key, and the list only shows it. */
  run?: () => void;
  /** Why it is disabled now; null: it is enabled. Called when it is shown. */
  disabledReason?: () => string | null;
}

interface Store {
  keys: ReadonlyMap<string, PageKey>;
  /** The page types every letter into a field, so the portal's single-letter shortcuts are off. */
  lettersAreText: boolean;
}

/** The shortcuts of the current page; the shell handles and lists them. */
export const usePageKeys = create<Store>()(() => ({ keys: new Map(), lettersAreText: false }));

/** Registers this page's shortcuts while it is mounted. Pass a constant or memoised array. */
export function useKeys(keys: readonly PageKey[]): void {
  useEffect(() => {
    usePageKeys.setState({ keys: new Map(keys.map((key) => [key.code, key])) });
    return () => usePageKeys.setState({ keys: new Map() });
  }, [keys]);
}

/** The code of a key without modifiers outside of text fields; null otherwise, and where shortcuts are off (WCAG 2.1.4). */
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

// SPDX-License-Identifier: Apache-2.0
import { useSyncExternalStore } from "react";

/** Whether a media query matches, for what a style sheet cannot do: another component for another width. */
export function useMedia(query: string): boolean {
  const subscribe = (changed: () => void) => {
    const list = window.matchMedia(query);
    list.addEventListener("change", changed);
    return () => list.removeEventListener("change", changed);
  };
  return useSyncExternalStore(subscribe, () => window.matchMedia(query).matches);
}

/** The root's font size in px: rows of a virtual list grow with the text. */
export function remInPx(): number {
  return Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;
}

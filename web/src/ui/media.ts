// SPDX-License-Identifier: Apache-2.0
import { useSyncExternalStore } from "react";

/** Whether a media query holds, for what a style sheet cannot do: one place or another for the same part of a page. */
export function useMedia(query: string): boolean {
  const subscribe = (changed: () => void) => {
    const list = window.matchMedia(query);
    list.addEventListener("change", changed);
    return () => list.removeEventListener("change", changed);
  };
  return useSyncExternalStore(subscribe, () => window.matchMedia(query).matches);
}

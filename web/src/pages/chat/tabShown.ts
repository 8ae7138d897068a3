// SPDX-License-Identifier: Apache-2.0
import { useSyncExternalStore } from "react";

/** Whether this tab is visible. */
export function useTabShown(): boolean {
  return useSyncExternalStore(subscribe, () => !document.hidden);
}

function subscribe(listener: () => void): () => void {
  document.addEventListener("visibilitychange", listener);
  return () => document.removeEventListener("visibilitychange", listener);
}

// SPDX-License-Identifier: Apache-2.0
import type { Surroundings } from "./types";

/** What the browser tells of the network and of the tab. */
export interface Browser {
  readonly online: boolean;
  readonly visible: boolean;
  /** Calls until the returned function is called. */
  watch(listener: BrowserListener): () => void;
}

export interface BrowserListener {
  offline?: () => void;
  online?: () => void;
  shown?: () => void;
}

/** The only place that listens to the window for the transports. */
export const browser: Browser = {
  get online() {
    return navigator.onLine;
  },
  get visible() {
    return !document.hidden;
  },
  watch({ offline, online, shown }) {
    const stop = new AbortController();
    const { signal } = stop;
    window.addEventListener("offline", () => offline?.(), { signal });
    window.addEventListener("online", () => online?.(), { signal });
    // A page that comes out of the back/forward cache is shown without having been hidden.
    window.addEventListener("pageshow", (event) => event.persisted && shown?.(), { signal });
    document.addEventListener("visibilitychange", () => !document.hidden && shown?.(), { signal });
    return () => stop.abort();
  },
};

export const surroundings: Surroundings = {
  now: () => Date.now(),
  random: () => Math.random(),
  setTimeout: (callback, ms) => window.setTimeout(callback, ms),
  clearTimeout: (timer) => window.clearTimeout(timer),
};

// SPDX-License-Identifier: Apache-2.0
import type { Environment } from "./types";

/** What the browser reports about the network and the tab. */
export interface Browser {
  readonly online: boolean;
  readonly visible: boolean;
  /** Notifies the listener until the returned function is called. */
  watch(listener: BrowserListener): () => void;
}

export interface BrowserListener {
  offline?: () => void;
  online?: () => void;
  shown?: () => void;
}

/** The only place where the transports listen to window events. */
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

/** Works in a window and in a worker. */
export const environment: Environment = {
  now: () => Date.now(),
  random: () => Math.random(),
  setTimeout: (callback, ms) => self.setTimeout(callback, ms),
  clearTimeout: (timer) => self.clearTimeout(timer),
};

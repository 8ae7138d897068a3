// SPDX-License-Identifier: Apache-2.0
import { create } from "zustand";
import { useConnections } from "#/live/connections";

interface Store {
  /** The server has another portal than the one that runs here. */
  available: boolean;
}

export const useUpdate = create<Store>()(() => ({ available: false }));

/** The scripts that a page begins with; their names carry hashes of their contents. */
function entryOf(page: string): string {
  return [...page.matchAll(/<script type="module"[^>]* src="([^"]+)"/g)].map(([, name]) => name).join(" ");
}

async function look(): Promise<void> {
  const mine = entryOf(document.documentElement.outerHTML);
  const page = await fetch("/", { cache: "no-cache" })
    .then((response) => (response.ok ? response.text() : ""))
    .catch(() => "");
  const theirs = entryOf(page);
  if (mine && theirs && mine !== theirs) {
    useUpdate.setState({ available: true });
  }
}

/** What a reload would take away: a text in some field, or what an open dialog asks. */
function isBusy(): boolean {
  const fields = document.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>(
    "textarea, input:not([type=search], [type=checkbox], [type=radio])",
  );
  return document.querySelector("dialog[open]") !== null || [...fields].some(({ value }) => value !== "");
}

/**
 * Looks for a new portal whenever a connection has come back (a restart is when it changes). While the tab is hidden and nothing
 * is being written it reloads by itself; otherwise the banner asks.
 */
export function watchForUpdates(): () => void {
  const stop = useConnections.subscribe((now, before) => {
    const cameBack = Object.entries(now.states).some(([name, state]) => {
      const earlier = before.states[name as keyof typeof before.states];
      return state.recovery !== null && state.recovery.at !== earlier?.recovery?.at;
    });
    if (cameBack) {
      void look();
    }
  });
  const reload = () => {
    if (document.hidden && useUpdate.getState().available && !isBusy()) {
      window.location.reload();
    }
  };
  document.addEventListener("visibilitychange", reload);
  const stopReload = useUpdate.subscribe(reload);
  return () => {
    stop();
    stopReload();
    document.removeEventListener("visibilitychange", reload);
  };
}

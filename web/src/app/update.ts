// SPDX-License-Identifier: Apache-2.0
import { create } from "zustand";
import { useConnections } from "#/live/connections";

interface Store {
  /** The server has another version of the portal than the one that runs here. */
  available: boolean;
}

export const useUpdate = create<Store>()(() => ({ available: false }));

/** The entry scripts of a page; their names contain hashes of their contents. */
function entryOf(page: string): string {
  return [...page.matchAll(/<script type="module"[^>]* src="([^"]+)"/g)].map(([, name]) => name).join(" ");
}

async function checkForUpdate(): Promise<void> {
  const ours = entryOf(document.documentElement.outerHTML);
  const page = await fetch("/", { cache: "no-cache" })
    .then((response) => (response.ok ? response.text() : ""))
    .catch(() => "");
  const theirs = entryOf(page);
  if (ours && theirs && ours !== theirs) {
    useUpdate.setState({ available: true });
  }
}

/** Whether a reload would lose something: a text in a field, or an open dialog. */
function isBusy(): boolean {
  const fields = document.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>(
    "textarea, input:not([type=search], [type=checkbox], [type=radio])",
  );
  return document.querySelector("dialog[open]") !== null || [...fields].some(({ value }) => value !== "");
}

/**
 * Checks for a new version whenever a connection has recovered (it changes with a restart). While the tab is hidden and nothing
 * is being written it reloads by itself; otherwise the banner offers it.
 */
export function watchForUpdates(): () => void {
  const stop = useConnections.subscribe((now, before) => {
    const cameBack = Object.entries(now.statuses).some(([name, state]) => {
      const earlier = before.statuses[name as keyof typeof before.statuses];
      return state.recovery !== null && state.recovery.at !== earlier?.recovery?.at;
    });
    if (cameBack) {
      void checkForUpdate();
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

// SPDX-License-Identifier: Apache-2.0
import type { EventSourceLike } from "#/transport/eventStream";
import { electedTab } from "./election";
import type { ToTab } from "./messages";
import { Tab } from "./tab";

let tab: Tab | null | undefined;

/** Opens a stream that all tabs of this browser share, by SharedWorker or leader election; without both, one of its own. */
export function openShared(url: string): EventSourceLike {
  tab ??= createTab();
  return tab && !tab.isAlone ? tab.open(url) : new EventSource(url);
}

function createTab(): Tab | null {
  const made = withWorker() ?? withElection();
  if (made) {
    window.addEventListener("pagehide", () => made.hide());
    window.addEventListener("pageshow", (event) => event.persisted && made.show());
  }
  return made;
}

function withWorker(): Tab | null {
  if (typeof SharedWorker === "undefined") {
    return null;
  }
  const worker = new SharedWorker(new URL("./worker.ts", import.meta.url), { type: "module", name: "howl.events" });
  const made = new Tab((message) => worker.port.postMessage(message));
  worker.port.addEventListener("message", ({ data }: MessageEvent<ToTab>) => made.receive(data));
  worker.port.start();
  // Its script could not be fetched.
  worker.addEventListener("error", () => made.giveUp());
  return made;
}

/** Web Locks exist in secure contexts only: https, or localhost. */
function withElection(): Tab | null {
  return navigator.locks && typeof BroadcastChannel !== "undefined" ? electedTab(navigator.locks) : null;
}

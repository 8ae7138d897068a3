// SPDX-License-Identifier: Apache-2.0
import { newKey } from "#/transport/newKey";
import type { ToHub, ToTab } from "./messages";
import { Tab } from "./tab";

/** On the channel: to the leading tab, to one tab, or to all of them. */
export type ChannelMessage = { to: "hub"; from: string; word: ToHub } | { to: string; word: ToTab };

/** The number is the version of the messages: tabs of an older portal may still be open. */
export const channelName = "howl.events.1";

/**
 * Without SharedWorker one of the tabs, the leader, runs the hub: the one that holds the lock. When it closes, the browser gives
 * the lock to another one, whose hub sends `hello`, and every tab resumes there from its cursor.
 */
export function electedTab(locks: LockManager): Tab {
  const me = newKey();
  const channel = new BroadcastChannel(channelName);
  const tab = new Tab((word) => channel.postMessage({ to: "hub", from: me, word } satisfies ChannelMessage));
  channel.addEventListener("message", ({ data }: MessageEvent<ChannelMessage>) => {
    if (data.to === me || data.to === "tabs") {
      tab.receive(data.word as ToTab);
    }
  });
  requestLead(locks);
  // A tab in the back/forward cache has released the lock.
  window.addEventListener("pageshow", (event) => event.persisted && requestLead(locks));
  return tab;
}

function requestLead(locks: LockManager): void {
  void locks.request(channelName, async () => {
    const { lead } = await import("./lead");
    await lead();
  });
}

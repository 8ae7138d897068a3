// SPDX-License-Identifier: Apache-2.0
import { environment } from "#/transport/browser";
import { type ChannelMessage, channelName } from "./election";
import { StreamHub } from "./hub";

/** Runs the hub in this tab, the leader, until its page is closed. */
export function lead(): Promise<void> {
  const hub = new StreamHub({ environment, open: (url) => new EventSource(url) });
  // A channel object of its own: an object does not receive what it posts itself, and this tab is one of the tabs.
  const channel = new BroadcastChannel(channelName);
  const post = (message: ChannelMessage) => channel.postMessage(message);
  channel.addEventListener("message", ({ data }: MessageEvent<ChannelMessage>) => {
    if ("from" in data) {
      hub.receive(data.word, (word) => post({ to: data.from, word }));
    }
  });
  post({ to: "tabs", word: { kind: "hello" } });
  return new Promise((resolve) => {
    const end = () => {
      hub.end();
      channel.close();
      resolve();
    };
    window.addEventListener("pagehide", end, { once: true });
  });
}

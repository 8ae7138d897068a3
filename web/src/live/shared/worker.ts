// SPDX-License-Identifier: Apache-2.0
import { environment } from "#/transport/browser";
import { StreamHub } from "./hub";
import type { ToHub } from "./messages";

// A SharedWorker: it lives while a tab of this portal is open, and its timers are those of no tab.
const hub = new StreamHub({ environment, open: (url) => new EventSource(url) });

self.addEventListener("connect", (event) => {
  const [port] = (event as MessageEvent).ports;
  port?.addEventListener("message", ({ data }: MessageEvent<ToHub>) =>
    hub.receive(data, (message) => port.postMessage(message)),
  );
  port?.start();
});

// SPDX-License-Identifier: Apache-2.0
import { browser, environment } from "#/transport/browser";
import { nextFrame } from "./batch";
import { addTransport } from "./connections";
import { Feed } from "./feed";
import { checkHealth } from "./requestTracking";
import { setClockOffset } from "./serverClock";
import { openShared } from "./shared/shared";
import type { Follower } from "./types";

let feed: Feed | null = null;

/** Follows a topic on the event stream that all tabs share, until the returned function is called. */
export function follow(follower: Follower): () => void {
  feed ??= createFeed();
  return feed.follow(follower);
}

function createFeed(): Feed {
  const made = new Feed({
    environment,
    browser,
    nextFrame,
    ping: checkHealth,
    onClock: setClockOffset,
    transport: { open: openShared },
  });
  addTransport("stream", made.transport);
  return made;
}

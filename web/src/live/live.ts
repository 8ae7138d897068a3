// SPDX-License-Identifier: Apache-2.0
import { browser, surroundings } from "#/transport/browser";
import { nextFrame } from "./batch";
import { addWire } from "./connections";
import { Feed } from "./feed";
import { setClockOffset } from "./serverClock";
import type { Follower } from "./types";

let feed: Feed | null = null;

/** Follows a topic on the tab's one stream, until the returned function is called. */
export function follow(follower: Follower): () => void {
  feed ??= begun();
  return feed.follow(follower);
}

function begun(): Feed {
  const made = new Feed({
    surroundings,
    browser,
    nextFrame,
    ask: () => fetch("/healthz", { cache: "no-store" }),
    onClock: setClockOffset,
  });
  addWire("stream", made.wire);
  return made;
}

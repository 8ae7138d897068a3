// SPDX-License-Identifier: Apache-2.0
import type { Key } from "react";
import type { FeedItems } from "./feedItems";

/** The number of items above `anchor`, which are held back. A deleted anchor holds nothing back. */
export function countHeldBack<Item>(items: FeedItems<Item>, anchor: Key | null): number {
  for (let at = 0; anchor !== null && at < items.length; ++at) {
    if (items.keyAt(at) === anchor) {
      return at;
    }
  }
  return 0;
}

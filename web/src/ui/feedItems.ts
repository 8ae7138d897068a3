// SPDX-License-Identifier: Apache-2.0
import type { Key } from "react";

/** The items of a list, newest first. They need not exist before they are visible. */
export interface FeedItems<Item> {
  readonly length: number;
  at(index: number): Item | undefined;
  keyAt(index: number): Key;
}

export function itemsOf<Item>(items: readonly Item[], keyOf: (item: Item) => Key): FeedItems<Item> {
  return { length: items.length, at: (index) => items[index], keyAt: (index) => keyOf(items[index] as Item) };
}

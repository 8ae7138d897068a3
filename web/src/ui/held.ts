// SPDX-License-Identifier: Apache-2.0

/** Of a list with the newest first: what is shown while everything above `anchor` is held back, and how much that is. */
export function held<Item>(items: readonly Item[], keyOf: (item: Item) => string, anchor: string | null) {
  const waiting = anchor === null ? 0 : items.findIndex((item) => keyOf(item) === anchor);
  // An anchor that is gone holds nothing back.
  return waiting <= 0 ? { shown: items, waiting: 0 } : { shown: items.slice(waiting), waiting };
}

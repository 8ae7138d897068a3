// SPDX-License-Identifier: Apache-2.0

/** The index that a key moves the roving focus to from row `at` of a list; null: the key moves nothing. */
export function rovingIndex(key: string, at: number, count: number): number | null {
  switch (key) {
    case "ArrowDown":
      return Math.min(at + 1, count - 1);
    case "ArrowUp":
      return Math.max(at - 1, 0);
    case "Home":
      return 0;
    case "End":
      return count - 1;
    default:
      return null;
  }
}

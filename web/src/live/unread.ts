// SPDX-License-Identifier: Apache-2.0
import { create } from "zustand";

interface Store {
  /** Unread things of a page, shown beside its name in the navigation. */
  counts: Record<string, number>;
}

export const useUnread = create<Store>()(() => ({ counts: {} }));

export function setUnread(page: string, count: number): void {
  useUnread.setState(({ counts }) => (counts[page] === count ? {} : { counts: { ...counts, [page]: count } }));
}

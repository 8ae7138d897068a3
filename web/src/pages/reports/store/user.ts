// SPDX-License-Identifier: Apache-2.0
import { create } from "zustand";
import { persist } from "zustand/middleware";

interface Store {
  /** Whose reports are shown; null: not chosen. */
  user: string | null;
  /** The last one, offered again. */
  last: string | null;
}

/** The user chosen in this browser. It is not authenticated: it only selects the reports to show. */
export const useUser = create<Store>()(
  persist((): Store => ({ user: null, last: null }), { name: "howl.reports", version: 1 }),
);

export function enter(user: string): void {
  useUser.setState({ user, last: user });
}

export function leave(): void {
  useUser.setState({ user: null });
}

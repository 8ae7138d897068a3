// SPDX-License-Identifier: Apache-2.0
import { create } from "zustand";
import { persist } from "zustand/middleware";

interface Store {
  /** Whose reports are shown; null: to be asked. */
  user: string | null;
  /** The last one, offered again. */
  last: string | null;
}

/** Who this browser said it is. Nobody checks it: it only picks the reports that are shown. */
export const useUser = create<Store>()(
  persist((): Store => ({ user: null, last: null }), { name: "howl.reports", version: 1 }),
);

export function enter(user: string): void {
  useUser.setState({ user, last: user });
}

export function leave(): void {
  useUser.setState({ user: null });
}

// SPDX-License-Identifier: Apache-2.0
import { create } from "zustand";

/** The instances whose deletion is to be confirmed; empty: none. */
export const useDeleting = create<{ ids: readonly string[] }>()(() => ({ ids: [] }));

export function askToDelete(ids: readonly string[]): void {
  useDeleting.setState({ ids });
}

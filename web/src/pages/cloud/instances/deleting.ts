// SPDX-License-Identifier: Apache-2.0
import { create } from "zustand";

/** The instances whose deletion is being asked about; none: nothing is asked. */
export const useDeleting = create<{ ids: readonly string[] }>()(() => ({ ids: [] }));

export function askToDelete(ids: readonly string[]): void {
  useDeleting.setState({ ids });
}

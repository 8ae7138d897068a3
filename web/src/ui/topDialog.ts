// SPDX-License-Identifier: Apache-2.0
import { create } from "zustand";

/** The modal dialogs that are open, the uppermost last: everything outside of it is inert, so nothing there can be heard or pressed. */
const useDialogs = create<{ open: readonly HTMLDialogElement[] }>()(() => ({ open: [] }));

/** Makes it known while it is open, until the returned function is called. */
export function isOnTop(dialog: HTMLDialogElement): () => void {
  useDialogs.setState(({ open }) => ({ open: [...open, dialog] }));
  return () => useDialogs.setState(({ open }) => ({ open: open.filter((each) => each !== dialog) }));
}

/** Where something has to stand that has to work always; null: no dialog is open. */
export function topDialog(): HTMLDialogElement | null {
  return useDialogs.getState().open.at(-1) ?? null;
}

export function useTopDialog(): HTMLDialogElement | null {
  return useDialogs(({ open }) => open.at(-1) ?? null);
}

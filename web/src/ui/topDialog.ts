// SPDX-License-Identifier: Apache-2.0
import { create } from "zustand";

/** The open modal dialogs, the topmost last: everything outside of it is inert, so nothing there is read out or clickable. */
const useDialogs = create<{ open: readonly HTMLDialogElement[] }>()(() => ({ open: [] }));

/** Registers an open dialog as the topmost, until the returned function is called. */
export function pushDialog(dialog: HTMLDialogElement): () => void {
  useDialogs.setState(({ open }) => ({ open: [...open, dialog] }));
  return () => useDialogs.setState(({ open }) => ({ open: open.filter((each) => each !== dialog) }));
}

/** The container for what must work above everything else; null: no dialog is open. */
export function topDialog(): HTMLDialogElement | null {
  return useDialogs.getState().open.at(-1) ?? null;
}

export function useTopDialog(): HTMLDialogElement | null {
  return useDialogs(({ open }) => open.at(-1) ?? null);
}

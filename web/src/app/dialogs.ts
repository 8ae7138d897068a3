// SPDX-License-Identifier: Apache-2.0
import { i18n } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { create } from "zustand";
import { retryableImport } from "#/transport/retryableImport";
import { toast } from "#/ui/toast";

type Name = "settings" | "keys" | "palette";
type DialogModules = typeof import("./dialogModules");

interface Store {
  /** The dialog to show. */
  requested: Name | null;
  /** Null until they are fetched. */
  modules: DialogModules | null;
}

/** The shell's own dialogs, one at a time. They are not part of the first load, and are fetched after it. */
export const useDialogs = create<Store>()(() => ({ requested: null, modules: null }));

const { setState: set, getState: get } = useDialogs;

export function showDialog(name: Name): void {
  set({ requested: name });
  void fetchDialogs();
}

export function closeDialog(): void {
  set({ requested: null });
}

/** A dialog was requested and is not loaded yet: key presses are meant for it. */
export function isDialogPending(): boolean {
  const { requested, modules } = get();
  return requested !== null && modules === null;
}

const importModules = retryableImport(() => import("./dialogModules"), "SettingsDialog");
let isFetching = false;

/** Without a connection it may fail; the next request for a dialog retries. */
export async function fetchDialogs(): Promise<void> {
  if (get().modules !== null || isFetching) {
    return;
  }
  const wasRequested = get().requested !== null;
  isFetching = true;
  const modules = await importModules().catch(() => null);
  isFetching = false;
  if (modules !== null) {
    set({ modules });
  } else if (isDialogPending() && !wasRequested) {
    // The failed fetch had started before the request, perhaps before the connection was back.
    await fetchDialogs();
  } else if (isDialogPending()) {
    closeDialog();
    toast({ tone: "bad", text: i18n._(msg`This could not be loaded. Try again when the server can be reached.`) });
  }
}

// SPDX-License-Identifier: Apache-2.0
import { i18n } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { create } from "zustand";
import { toast } from "#/ui/toast";

type Name = "settings" | "keys" | "palette";
type Parts = typeof import("./dialogParts");

interface Store {
  /** What is to be shown. */
  asked: Name | null;
  /** Null until they are fetched. */
  parts: Parts | null;
}

/** The shell's own dialogs, one at a time. They are no part of the first page, and come when it has settled. */
export const useDialogs = create<Store>()(() => ({ asked: null, parts: null }));

const { setState: set, getState: get } = useDialogs;

export function showDialog(name: Name): void {
  set({ asked: name });
  void fetchDialogs();
}

export function closeDialog(): void {
  set({ asked: null });
}

/** One was asked for and is not there yet: keys are meant for it. */
export function isDialogComing(): boolean {
  const { asked, parts } = get();
  return asked !== null && parts === null;
}

/** Without a connection it may fail; whoever asks for a dialog tries again. */
export async function fetchDialogs(): Promise<void> {
  if (get().parts !== null) {
    return;
  }
  try {
    set({ parts: await import("./dialogParts") });
  } catch {
    if (isDialogComing()) {
      closeDialog();
      toast({ tone: "bad", text: i18n._(msg`This could not be loaded. Try again when the server can be reached.`) });
    }
  }
}

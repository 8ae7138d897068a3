// SPDX-License-Identifier: Apache-2.0
import { create } from "zustand";
import { createJSONStorage, persist, type StateStorage } from "zustand/middleware";
import { tabStorage } from "#/settings/storage";

/** The text being written, and its recipient. */
interface Draft {
  user: string;
  text: string;
}

export const noDraft: Draft = { user: "", text: "" };

const storage: StateStorage = {
  getItem: tabStorage.get,
  setItem: tabStorage.set,
  removeItem: (key) => tabStorage.set(key, null),
};

/** Kept over page changes and reloads, in this tab. */
export const useDraft = create<Draft>()(
  persist(() => noDraft, { name: "howl.messages.draft", storage: createJSONStorage(() => storage) }),
);

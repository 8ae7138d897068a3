// SPDX-License-Identifier: Apache-2.0
import { create } from "zustand";
import { createJSONStorage, persist, type StateStorage } from "zustand/middleware";
import { tabKeeper } from "#/settings/storage";

/** What is being written, and to whom. */
interface Draft {
  user: string;
  text: string;
}

export const noDraft: Draft = { user: "", text: "" };

const storage: StateStorage = {
  getItem: tabKeeper.get,
  setItem: tabKeeper.set,
  removeItem: (key) => tabKeeper.set(key, null),
};

/** Outlives the page and a reload, in this tab. */
export const useDraft = create<Draft>()(
  persist(() => noDraft, { name: "howl.messages.draft", storage: createJSONStorage(() => storage) }),
);

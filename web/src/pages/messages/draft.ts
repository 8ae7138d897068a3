// SPDX-License-Identifier: Apache-2.0
import { create } from "zustand";
import { createJSONStorage, persist } from "zustand/middleware";

/** What is being written, and to whom. */
interface Draft {
  user: string;
  text: string;
}

export const noDraft: Draft = { user: "", text: "" };

/** Outlives the page and a reload, in this tab. */
export const useDraft = create<Draft>()(
  persist(() => noDraft, { name: "howl.messages.draft", storage: createJSONStorage(() => sessionStorage) }),
);

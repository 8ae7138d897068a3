// SPDX-License-Identifier: Apache-2.0
import { create } from "zustand";
import { emptyInbox, type Inbox } from "./inbox";
import { noMarks } from "./marks";
import { noOffsets, type Offsets } from "./offsets";

interface Store {
  /** Whose messages these are; null: nobody has said who they are. */
  user: string | null;
  inbox: Inbox;
  /** The history has been read at least once. */
  loaded: boolean;
  /** Why it could not be read; the stream tries again by itself. */
  error: unknown;
  /** Taken out of the list, but not for good yet: it can be undone. */
  leaving: Offsets;
  /** The page is shown in a visible tab. */
  watching: boolean;
}

export const nobody: Omit<Store, "watching"> = {
  user: null,
  inbox: emptyInbox(noMarks),
  loaded: false,
  error: null,
  leaving: noOffsets,
};

export const useMessages = create<Store>()(() => ({ ...nobody, watching: false }));

export function changeInbox(change: (inbox: Inbox) => Inbox): void {
  useMessages.setState(({ inbox }) => ({ inbox: change(inbox) }));
}

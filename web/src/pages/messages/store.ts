// SPDX-License-Identifier: Apache-2.0
import { create } from "zustand";
import { emptyInbox, type Inbox } from "./inbox";
import { noMarks } from "./marks";
import { noOffsets, type Offsets } from "./offsets";

export interface MessagesState {
  /** Whose messages these are; null: no user has been chosen. */
  user: string | null;
  inbox: Inbox;
  /** The history has been read at least once. */
  loaded: boolean;
  /** Why it could not be read; the stream retries by itself. */
  error: unknown;
  /** Removed from the list, while it can still be undone. */
  removing: Offsets;
  /** Long texts that the user has unfolded; kept here, since rows that are scrolled away are unmounted. */
  opened: ReadonlySet<number>;
  /** The page is shown in a visible tab. */
  watching: boolean;
}

export const initialState: Omit<MessagesState, "watching"> = {
  user: null,
  inbox: emptyInbox(noMarks),
  loaded: false,
  error: null,
  removing: noOffsets,
  opened: new Set(),
};

export const useMessages = create<MessagesState>()(() => ({ ...initialState, watching: false }));

export function changeInbox(change: (inbox: Inbox) => Inbox): void {
  useMessages.setState(({ inbox }) => ({ inbox: change(inbox) }));
}

export function setOpened(offset: number, isOpen: boolean): void {
  useMessages.setState(({ opened }) => {
    const others = new Set(opened);
    others.delete(offset);
    return { opened: isOpen ? others.add(offset) : others };
  });
}

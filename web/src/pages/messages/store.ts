// SPDX-License-Identifier: Apache-2.0
import { create } from "zustand";
import { emptyInbox, type Inbox } from "./inbox";
import { noMarks } from "./marks";
import { noOffsets, type Offsets } from "./offsets";

export interface MessagesState {
  /** Whose messages these are; null: nobody has said who they are. */
  user: string | null;
  inbox: Inbox;
  /** The history has been read at least once. */
  loaded: boolean;
  /** Why it could not be read; the stream tries again by itself. */
  error: unknown;
  /** Taken out of the list, but not for good yet: it can be undone. */
  leaving: Offsets;
  /** Long texts that the person has opened; a row forgets it when it is scrolled away. */
  opened: ReadonlySet<number>;
  /** The page is shown in a visible tab. */
  watching: boolean;
}

export const nobody: Omit<MessagesState, "watching"> = {
  user: null,
  inbox: emptyInbox(noMarks),
  loaded: false,
  error: null,
  leaving: noOffsets,
  opened: new Set(),
};

export const useMessages = create<MessagesState>()(() => ({ ...nobody, watching: false }));

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

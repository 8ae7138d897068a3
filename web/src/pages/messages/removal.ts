// SPDX-License-Identifier: Apache-2.0
import { lastOffset, without } from "./inbox";
import { add, addUpTo, noOffsets, type Offsets } from "./offsets";
import { useMessages } from "./store";

/** How long a removal can be undone, in ms. */
const undoTime = 10_000;

let timer: ReturnType<typeof setTimeout> | undefined;

export function removeOne(offset: number): void {
  commitRemoval();
  startRemoval(add(noOffsets, offset));
}

export function removeAll(): void {
  commitRemoval();
  startRemoval(addUpTo(noOffsets, lastOffset(useMessages.getState().inbox)));
}

export function undoRemoval(): void {
  clearTimeout(timer);
  useMessages.setState({ removing: noOffsets });
}

/** Makes the last removal final. */
export function commitRemoval(): void {
  clearTimeout(timer);
  useMessages.setState(({ inbox, removing }) =>
    removing === noOffsets ? {} : { inbox: without(inbox, removing), removing: noOffsets },
  );
}

function startRemoval(removing: Offsets): void {
  useMessages.setState({ removing });
  timer = setTimeout(commitRemoval, undoTime);
}

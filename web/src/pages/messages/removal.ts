// SPDX-License-Identifier: Apache-2.0
import { lastOffset, without } from "./inbox";
import { add, addUpTo, noOffsets, type Offsets } from "./offsets";
import { useMessages } from "./store";

/** How long a removal can be undone, in ms. */
const regretTime = 10_000;

let timer: ReturnType<typeof setTimeout> | undefined;

export function removeOne(offset: number): void {
  leaveForGood();
  take(add(noOffsets, offset));
}

export function removeAll(): void {
  leaveForGood();
  take(addUpTo(noOffsets, lastOffset(useMessages.getState().inbox)));
}

export function undoRemoval(): void {
  clearTimeout(timer);
  useMessages.setState({ leaving: noOffsets });
}

/** Makes the last removal final. */
export function leaveForGood(): void {
  clearTimeout(timer);
  useMessages.setState(({ inbox, leaving }) =>
    leaving === noOffsets ? {} : { inbox: without(inbox, leaving), leaving: noOffsets },
  );
}

function take(leaving: Offsets): void {
  useMessages.setState({ leaving });
  timer = setTimeout(leaveForGood, regretTime);
}

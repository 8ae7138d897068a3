// SPDX-License-Identifier: Apache-2.0

/** A selection that the user copies has its times in ISO 8601, however they are shown. Called once. */
export function copyTimesAsIso(): void {
  document.addEventListener("copy", (event) => {
    const selection = getSelection();
    const inField = event.target instanceof Element && event.target.closest("input, textarea");
    if (!selection || selection.isCollapsed || inField || event.defaultPrevented) {
      return;
    }
    // The browser itself copies, with links and tables; nobody sees the change, since it is undone before the next frame.
    requestAnimationFrame(selectWithIsoTimes(selection, selection.getRangeAt(0)));
  });
}

/** The text of a range as the browser copies it, with each time in ISO, even one that is only partly in the range. */
export function textOf(part: Range): string {
  const selection = getSelection();
  if (!selection) {
    return part.toString();
  }
  const restore = selectWithIsoTimes(selection, part);
  const words = selection.toString();
  restore();
  return words;
}

/** Selects a range with its times in ISO, until the returned function is called. */
function selectWithIsoTimes(selection: Selection, part: Range): () => void {
  const before = selection.rangeCount > 0 ? boundsOf(selection.getRangeAt(0)) : null;
  const times = timesIn(part);
  const whole = withWhole(part, times);
  const texts = times.map((time) => time.firstChild).filter((node): node is Text => node instanceof Text);
  const changes = texts.map((text) => {
    const shown = text.data;
    const iso = text.parentElement?.closest("time")?.dateTime ?? shown;
    text.data = iso;
    return { text, shown, iso };
  });
  select(selection, boundsOf(whole));
  return () => {
    for (const { text, shown, iso } of changes) {
      text.data = text.data === iso ? shown : text.data; // Unless it was rendered again in between.
    }
    if (before) {
      select(selection, before);
    } else {
      selection.removeAllRanges();
    }
  };
}

function timesIn(range: Range): HTMLTimeElement[] {
  const { endContainer, endOffset } = range;
  // A selection of whole lines ends before the first letter of the next one.
  const isBehind = (time: Element) => endOffset === 0 && time.contains(endContainer);
  return [...document.querySelectorAll("time")].filter((time) => range.intersectsNode(time) && !isBehind(time));
}

function withWhole(part: Range, times: readonly HTMLTimeElement[]): Range {
  const whole = part.cloneRange();
  for (const time of times) {
    if (time.contains(part.startContainer)) {
      whole.setStartBefore(time);
    }
    if (time.contains(part.endContainer)) {
      whole.setEndAfter(time);
    }
  }
  return whole;
}

type Bounds = [start: Node, startOffset: number, end: Node, endOffset: number];

function boundsOf({ startContainer, startOffset, endContainer, endOffset }: Range): Bounds {
  return [startContainer, startOffset, endContainer, endOffset];
}

function select(selection: Selection, [start, startOffset, end, endOffset]: Bounds): void {
  selection.setBaseAndExtent(start, startOffset, end, endOffset);
}

// SPDX-License-Identifier: Apache-2.0
import type { ReactNode } from "react";

/** A text with the matches of a search highlighted. */
export function Highlight({ text, search }: { text: string; search: string }): ReactNode {
  const wanted = search.trim().toLowerCase();
  const at = wanted === "" ? -1 : text.toLowerCase().indexOf(wanted);
  if (at < 0) {
    return text;
  }
  const end = at + wanted.length;
  return (
    <>
      {text.slice(0, at)}
      <mark className="rounded-xs bg-wait-tint text-wait">{text.slice(at, end)}</mark>
      <Highlight text={text.slice(end)} search={search} />
    </>
  );
}

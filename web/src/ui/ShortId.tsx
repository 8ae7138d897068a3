// SPDX-License-Identifier: Apache-2.0
import { clsx } from "clsx";

/** An id that is truncated in its middle where there is no room; the title and the copied text have all of it. */
export function ShortId({ id, className }: { id: string; className?: string }) {
  const tail = id.slice(-6);
  return (
    <span title={id} className={clsx("inline-flex min-w-0 font-mono", className)}>
      <span className="truncate">{id.slice(0, -6)}</span>
      <span>{tail}</span>
    </span>
  );
}

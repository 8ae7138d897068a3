// SPDX-License-Identifier: Apache-2.0
import { clsx } from "clsx";

/** An id whose middle gives way where there is no room for it; all of it is in the title and in what is copied. */
export function ShortId({ id, className }: { id: string; className?: string }) {
  const tail = id.slice(-6);
  return (
    <span title={id} className={clsx("inline-flex min-w-0 font-mono", className)}>
      <span className="truncate">{id.slice(0, -6)}</span>
      <span>{tail}</span>
    </span>
  );
}

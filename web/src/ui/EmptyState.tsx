// SPDX-License-Identifier: Apache-2.0
import type { ReactNode } from "react";

/** The placeholder of an empty list: one sentence, and what to do. */
export function EmptyState({ children, action }: { children: ReactNode; action?: ReactNode }) {
  return (
    <div className="mx-auto flex max-w-md flex-col items-center gap-4 px-4 py-12 text-center">
      <p className="text-sm text-balance text-soft">{children}</p>
      {action}
    </div>
  );
}

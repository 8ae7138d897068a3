// SPDX-License-Identifier: Apache-2.0
import { clsx } from "clsx";
import { type ReactNode, useId } from "react";

interface Props {
  title: string;
  /** The title is for screen readers only, where the screen shows it elsewhere. */
  titleHidden?: boolean;
  /** Stands at the right of the title. */
  actions?: ReactNode;
  children: ReactNode;
  className?: string;
}

/** A bordered section with a title of its own. */
export function Panel({ title, titleHidden = false, actions, children, className }: Props) {
  const heading = useId();
  return (
    <section
      aria-labelledby={heading}
      data-region
      className={clsx("flex min-w-0 flex-col rounded-card border border-line bg-surface", className)}
    >
      <header
        className={
          titleHidden
            ? "sr-only"
            : "flex min-h-14 shrink-0 flex-wrap items-center justify-between gap-x-4 gap-y-2 px-4 pt-3 pb-2"
        }
      >
        <h2 id={heading} className="text-base font-semibold">
          {title}
        </h2>
        {actions}
      </header>
      {children}
    </section>
  );
}

// SPDX-License-Identifier: Apache-2.0
import { clsx } from "clsx";

/** A placeholder for content that is loading, in its final size. */
export function Skeleton({ className }: { className?: string }) {
  return <div data-skeleton aria-hidden className={clsx("animate-pulse-slow rounded-control bg-hover", className)} />;
}

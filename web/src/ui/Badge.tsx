// SPDX-License-Identifier: Apache-2.0
import { clsx } from "clsx";
import type { LucideIcon } from "lucide-react";

/** The hues of states, the same on every page. */
export type Tone = "ok" | "wait" | "busy" | "queue" | "bad" | "idle";

const tones: Record<Tone, string> = {
  ok: "text-ok bg-ok-tint",
  wait: "text-wait bg-wait-tint",
  busy: "text-busy bg-busy-tint",
  queue: "text-queue bg-queue-tint",
  bad: "text-bad bg-bad-tint",
  idle: "text-soft bg-sunken",
};

interface Props {
  tone: Tone;
  icon: LucideIcon;
  children: string;
  /** Turns slowly while something is going on. */
  spinning?: boolean;
}

/** A state with icon, label and colour, so that no state is shown by colour alone. */
export function Badge({ tone, icon: Icon, children, spinning = false }: Props) {
  return (
    <span
      className={clsx(
        "inline-flex h-6 items-center gap-1.5 rounded-full px-2 text-2xs font-medium whitespace-nowrap",
        tones[tone],
      )}
    >
      <Icon aria-hidden className={clsx("size-3.5", spinning && "animate-spin-slow")} />
      {children}
    </span>
  );
}

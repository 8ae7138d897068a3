// SPDX-License-Identifier: Apache-2.0
import { clsx } from "clsx";

/** A hue from a name: the same name has the same one everywhere. */
function hueOf(name: string): number {
  let hash = 0;
  for (const letter of name) {
    hash = (hash * 31 + (letter.codePointAt(0) ?? 0)) >>> 0;
  }
  return hash % 360;
}

function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/);
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined].map((word) => [...(word ?? "")][0] ?? "");
  return letters.join("").toLocaleUpperCase();
}

interface Props {
  name: string;
  small?: boolean;
}

/** Initials on the name's hue; its lightness is fixed for each theme, so the contrast holds. */
export function Avatar({ name, small = false }: Props) {
  const hue = hueOf(name);
  return (
    <span
      aria-hidden
      style={{
        backgroundColor: `light-dark(oklch(0.93 0.045 ${hue}), oklch(0.33 0.06 ${hue}))`,
        color: `light-dark(oklch(0.4 0.11 ${hue}), oklch(0.87 0.08 ${hue}))`,
      }}
      className={clsx(
        "inline-flex shrink-0 items-center justify-center rounded-full font-semibold select-none",
        small ? "size-6 text-[0.625rem]" : "size-8 text-2xs",
      )}
    >
      {initialsOf(name)}
    </span>
  );
}

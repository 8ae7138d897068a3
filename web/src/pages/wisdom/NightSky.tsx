// SPDX-License-Identifier: Apache-2.0
import { clsx } from "clsx";

const night = { fill: "light-dark(var(--color-ink), var(--color-ground))" };
const moon = {
  fill: "light-dark(var(--color-wait-tint), color-mix(in oklab, var(--color-ink) 24%, var(--color-surface)))",
};
const shade = { fill: "light-dark(var(--color-wait), var(--color-surface))", opacity: 0.14 };

/** A wolf howling at the moon; its hill goes on where the picture ends. */
export function NightSky({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 320 300" aria-hidden className={clsx("overflow-visible", className)}>
      <circle cx="196" cy="118" r="92" style={moon} />
      <circle cx="168" cy="92" r="13" style={shade} />
      <circle cx="222" cy="150" r="19" style={shade} />
      <circle cx="236" cy="84" r="8" style={shade} />
      <path style={night} d="M-60 302C30 264 110 248 180 252S320 284 400 262V302Z" />
      <path
        style={night}
        d="M108 256C102 224 108 196 124 176C132 164 134 154 132 142L116 130L136 122C142 114 150 108 160 100L190 62L198 64L196 72L184 98L200 84L204 90L188 116C184 126 180 134 180 146C184 156 188 164 186 172L194 182L188 190C194 214 196 236 194 256Z"
      />
    </svg>
  );
}

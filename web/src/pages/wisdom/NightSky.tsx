// SPDX-License-Identifier: Apache-2.0

const dark = { fill: "light-dark(var(--color-ink), var(--color-ground))" };

/** A wolf howling at the moon. */
export function NightSky({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 320 300" aria-hidden className={className}>
      <circle cx="196" cy="118" r="92" className="fill-wait-tint" />
      <circle cx="168" cy="92" r="13" className="fill-wait/10" />
      <circle cx="222" cy="150" r="19" className="fill-wait/10" />
      <circle cx="236" cy="84" r="8" className="fill-wait/10" />
      <path style={dark} d="M-20 300C50 262 110 248 180 252S300 272 360 262V300Z" />
      <path
        style={dark}
        d="M108 256C102 224 108 196 124 176C132 164 134 154 132 142L116 130L136 122C142 114 150 108 160 100L190 62L198 64L196 72L184 98L200 84L204 90L188 116C184 126 180 134 180 146C184 156 188 164 186 172L194 182L188 190C194 214 196 236 194 256Z"
      />
    </svg>
  );
}

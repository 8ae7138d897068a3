// SPDX-License-Identifier: Apache-2.0
import { clsx } from "clsx";
import { type InputHTMLAttributes, type ReactNode, type Ref, useId } from "react";

interface Props extends InputHTMLAttributes<HTMLInputElement> {
  label: string;
  /** The label is for screen readers only. */
  labelHidden?: boolean;
  error?: ReactNode;
  hint?: ReactNode;
  /** Shown in the same line, after the field. */
  after?: ReactNode;
  ref?: Ref<HTMLInputElement>;
}

/** A text input with its label; the error is shown right below and is read out with it. */
export function TextField({ label, labelHidden = false, error, hint, after, className, ...rest }: Props) {
  const id = useId();
  const note = error ?? hint;
  return (
    <div className={clsx("min-w-0", className)}>
      <label htmlFor={id} className={labelHidden ? "sr-only" : "mb-1.5 block text-xs font-medium text-soft"}>
        {label}
      </label>
      <div className="flex flex-wrap gap-2">
        <input
          autoComplete="off"
          {...rest}
          id={id}
          aria-invalid={error ? true : undefined}
          aria-describedby={note ? `${id}-note` : undefined}
          className={clsx(
            "h-9 min-w-0 grow basis-56 rounded-control border bg-surface px-3 text-sm pointer-coarse:h-11 pointer-coarse:text-base",
            error ? "border-bad" : "border-edge",
          )}
        />
        {after}
      </div>
      <div
        id={`${id}-note`}
        aria-live="polite"
        className={clsx("text-xs", note && "mt-1.5", error ? "text-bad" : "text-soft")}
      >
        {note}
      </div>
    </div>
  );
}

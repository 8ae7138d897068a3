// SPDX-License-Identifier: Apache-2.0
import { cva, type VariantProps } from "class-variance-authority";
import type { ButtonHTMLAttributes, ReactNode } from "react";
import { Tooltip } from "./Tooltip";

const look = cva(
  "inline-flex shrink-0 items-center justify-center gap-2 rounded-control font-medium whitespace-nowrap select-none aria-disabled:opacity-50 pointer-coarse:min-h-11",
  {
    variants: {
      kind: {
        primary:
          "bg-accent-fill text-on-accent not-aria-disabled:hover:brightness-95 not-aria-disabled:active:brightness-90",
        plain: "border border-line bg-surface text-ink not-aria-disabled:hover:bg-hover",
        quiet: "text-soft not-aria-disabled:hover:bg-hover not-aria-disabled:hover:text-ink",
        danger: "bg-bad-fill text-on-accent not-aria-disabled:hover:brightness-95",
        link: "text-accent underline underline-offset-4 decoration-1 not-aria-disabled:hover:decoration-2",
      },
      size: { small: "h-7 text-xs", normal: "h-9 text-sm", large: "h-11 text-base" },
      icon: { true: "pointer-coarse:min-w-11", false: "" },
    },
    compoundVariants: [
      { icon: false, size: "small", class: "px-2.5" },
      { icon: false, size: "normal", class: "px-3.5" },
      { icon: false, size: "large", class: "px-5" },
      { icon: true, size: "small", class: "w-7" },
      { icon: true, size: "normal", class: "w-9" },
      { icon: true, size: "large", class: "w-11" },
    ],
    defaultVariants: { kind: "plain", size: "normal", icon: false },
  },
);

export interface ButtonProps
  extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, "disabled">,
    Omit<VariantProps<typeof look>, "icon"> {
  /** Why it is disabled: read out, and shown on hover and focus. It stays reachable by keyboard. */
  reason?: string | undefined;
  /** Disabled, for a reason that is plain to see. */
  off?: boolean | undefined;
  ref?: React.Ref<HTMLButtonElement>;
}

export function Button({ kind, size, reason, off, onClick, className, type = "button", ...rest }: ButtonProps) {
  const disabled = off || reason !== undefined;
  const button = (
    <button
      {...rest}
      type={type}
      aria-disabled={disabled || undefined}
      onClick={disabled ? (event) => event.preventDefault() : onClick}
      className={look({ kind, size, className })}
    />
  );
  return reason === undefined ? button : <Tooltip text={reason}>{button}</Tooltip>;
}

export interface IconButtonProps extends Omit<ButtonProps, "children" | "aria-label"> {
  /** Its name, read out and shown on hover and focus. */
  label: string;
  children: ReactNode;
}

export function IconButton({
  label,
  reason,
  kind = "quiet",
  size,
  off,
  onClick,
  className,
  type,
  ...rest
}: IconButtonProps) {
  const disabled = off || reason !== undefined;
  return (
    <Tooltip text={reason === undefined ? label : `${label}: ${reason}`} isName={reason === undefined}>
      <button
        {...rest}
        type={type ?? "button"}
        aria-label={label}
        aria-disabled={disabled || undefined}
        onClick={disabled ? (event) => event.preventDefault() : onClick}
        className={look({ kind, size, icon: true, className })}
      />
    </Tooltip>
  );
}

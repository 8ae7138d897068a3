// SPDX-License-Identifier: Apache-2.0
import { clsx } from "clsx";
import { Search } from "lucide-react";
import { useEffect, useState } from "react";
import { useNavigationType } from "react-router";

interface Props {
  label: string;
  placeholder?: string;
  /** As the address has it. */
  value: string;
  onChange: (value: string) => void;
  className?: string;
}

/** A search whose text is in the page's address. What is typed shows at once; the address follows, and leads when one goes back. */
export function SearchField({ label, placeholder, value, onChange, className }: Props) {
  const [typed, setTyped] = useState(value);
  const wentBack = useNavigationType() === "POP";
  useEffect(() => {
    if (wentBack) {
      setTyped(value);
    }
  }, [value, wentBack]);
  return (
    <label className={clsx("relative min-w-0", className)}>
      <span className="sr-only">{label}</span>
      <Search aria-hidden className="pointer-events-none absolute top-1/2 left-2.5 size-4 -translate-y-1/2 text-soft" />
      <input
        type="search"
        autoComplete="off"
        spellCheck={false}
        placeholder={placeholder}
        value={typed}
        onChange={(event) => {
          setTyped(event.target.value);
          onChange(event.target.value);
        }}
        className="h-9 w-full min-w-0 rounded-control border border-edge bg-surface pr-2 pl-8 text-sm pointer-coarse:h-11 pointer-coarse:text-base"
      />
    </label>
  );
}

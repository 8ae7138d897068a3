// SPDX-License-Identifier: Apache-2.0
import { clsx } from "clsx";
import { Search } from "lucide-react";
import { useEffect, useRef, useState } from "react";

interface Props {
  label: string;
  placeholder?: string;
  /** As the page's address has it, which may lag behind fast fingers. */
  value: string;
  onChange: (value: string) => void;
  className?: string;
}

/** A search whose text is in the page's address. What is typed shows at once; what the address says by itself is taken over. */
export function SearchField({ label, placeholder, value, onChange, className }: Props) {
  const [typed, setTyped] = useState(value);
  /** What was typed and has not come back from the address. */
  const told = useRef<string[]>([]);
  useEffect(() => {
    const echo = told.current.indexOf(value);
    told.current = told.current.slice(echo + 1);
    if (echo < 0) {
      setTyped(value);
    }
  }, [value]);
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
          const text = event.target.value;
          told.current.push(text);
          setTyped(text);
          onChange(text);
        }}
        className="h-9 w-full min-w-0 rounded-control border border-edge bg-surface pr-2 pl-8 text-sm pointer-coarse:h-11 pointer-coarse:text-base"
      />
    </label>
  );
}

// SPDX-License-Identifier: Apache-2.0
import { clsx } from "clsx";
import { Search } from "lucide-react";
import { useEffect, useRef, useState } from "react";

interface Props {
  label: string;
  placeholder?: string;
  /** The value in the page's URL, which may lag behind fast typing. */
  value: string;
  onChange: (value: string) => void;
  className?: string;
}

/** A search field whose value is in the page's URL. Typed text shows at once; a change of the URL by navigation replaces it. */
export function SearchField({ label, placeholder, value, onChange, className }: Props) {
  const [typed, setTyped] = useState(value);
  /** Typed values that have not come back from the URL yet. */
  const reported = useRef<string[]>([]);
  useEffect(() => {
    const echo = reported.current.indexOf(value);
    reported.current = reported.current.slice(echo + 1);
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
          reported.current.push(text);
          setTyped(text);
          onChange(text);
        }}
        className="h-9 w-full min-w-0 rounded-control border border-edge bg-surface pr-2 pl-8 text-sm pointer-coarse:h-11 pointer-coarse:text-base"
      />
    </label>
  );
}

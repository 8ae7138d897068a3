// SPDX-License-Identifier: Apache-2.0
export function Kbd({ children }: { children: string }) {
  return (
    <kbd className="inline-flex min-w-5 items-center justify-center rounded border border-line bg-sunken px-1 font-sans text-2xs text-soft">
      {children}
    </kbd>
  );
}

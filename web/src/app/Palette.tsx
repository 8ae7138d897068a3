// SPDX-License-Identifier: Apache-2.0
import { useLingui } from "@lingui/react/macro";
import { clsx } from "clsx";
import { type KeyboardEvent, useId, useState } from "react";
import { Dialog } from "#/ui/Dialog";
import { Kbd } from "#/ui/Kbd";
import { useCommands } from "./commands";

/** For the selected row. */
const scrollIntoView = (row: HTMLElement | null) => row?.scrollIntoView({ block: "nearest" });

/** The command palette: all pages and commands, filtered by typing. A WAI-ARIA combobox with its list always open. */
export function Palette({ onClose }: { onClose: () => void }) {
  const { t } = useLingui();
  const [query, setQuery] = useState("");
  const [chosen, setChosen] = useState(0);
  const list = useId();
  const needle = query.trim().toLocaleLowerCase();
  const found = useCommands().filter(({ label }) => label.toLocaleLowerCase().includes(needle));
  const at = Math.min(chosen, found.length - 1);

  const run = (index: number) => {
    const command = found[index];
    if (command?.disabledReason === null) {
      onClose();
      // After the dialog has given the focus back: some commands act on the focused element.
      setTimeout(command.run);
    }
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) {
      return;
    }
    if (event.key === "Enter") {
      run(at);
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const step = event.key === "ArrowDown" ? 1 : -1;
      setChosen((at + step + found.length) % Math.max(found.length, 1));
    } else {
      return;
    }
    event.preventDefault();
  };

  return (
    <Dialog title={t`Command palette`} onClose={onClose}>
      <input
        autoFocus
        role="combobox"
        aria-label={t`Find a page or a command`}
        placeholder={t`Find a page or a command`}
        aria-autocomplete="list"
        aria-expanded
        aria-controls={list}
        aria-activedescendant={found.length > 0 ? `${list}-${at}` : undefined}
        value={query}
        onChange={(event) => {
          setQuery(event.target.value);
          setChosen(0);
        }}
        onKeyDown={onKeyDown}
        className="mb-3 h-9 w-full rounded-control border border-edge bg-surface px-3 text-sm pointer-coarse:h-11 pointer-coarse:text-base"
      />
      <div id={list} role="listbox" aria-label={t`Pages and commands`} className="max-h-[50dvh] overflow-y-auto">
        {found.map(({ key, label, icon: Icon, keys, disabledReason }, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field above has the keys
          <div
            key={key}
            id={`${list}-${index}`}
            ref={index === at ? scrollIntoView : undefined}
            role="option"
            tabIndex={-1}
            aria-selected={index === at}
            aria-disabled={disabledReason !== null || undefined}
            onClick={() => run(index)}
            className={clsx(
              "flex h-9 cursor-pointer items-center gap-3 rounded-control px-2.5 text-sm pointer-coarse:h-11",
              index === at ? "bg-hover" : "hover:bg-sunken",
            )}
          >
            <Icon aria-hidden className="size-4 shrink-0 text-soft" />
            <span className={clsx("min-w-0 truncate", disabledReason !== null && "text-soft")}>{label}</span>
            <span className="min-w-0 flex-1 truncate text-right text-2xs text-soft">{disabledReason}</span>
            <span aria-hidden className="flex gap-1">
              {keys.map((name) => (
                <Kbd key={name}>{name}</Kbd>
              ))}
            </span>
          </div>
        ))}
      </div>
      <p role="status" className="text-sm text-soft">
        {found.length === 0 && t`No matches.`}
      </p>
    </Dialog>
  );
}

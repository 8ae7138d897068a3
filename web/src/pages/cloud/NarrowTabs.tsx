// SPDX-License-Identifier: Apache-2.0
import { msg } from "@lingui/core/macro";
import { useLingui } from "@lingui/react/macro";
import { clsx } from "clsx";
import { type KeyboardEvent, type ReactNode, useId } from "react";

export type Tab = "instances" | "worklog";
const tabs: readonly Tab[] = ["instances", "worklog"];
const words = { instances: msg`Instances`, worklog: msg`Worklog` };

interface Props {
  shown: Tab;
  onShow: (tab: Tab) => void;
  panels: Record<Tab, ReactNode>;
}

/** One widget at a time, where there is no room for both side by side. */
export function NarrowTabs({ shown, onShow, panels }: Props) {
  const { t } = useLingui();
  const id = useId();
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
      const other = tabs.find((tab) => tab !== shown) ?? shown;
      onShow(other);
      document.getElementById(`${id}-${other}`)?.focus();
      event.preventDefault();
    }
  };
  return (
    <>
      <div role="tablist" aria-label={t`Cloud`} onKeyDown={onKeyDown} className="flex rounded-control bg-sunken p-1">
        {tabs.map((tab) => (
          <button
            key={tab}
            id={`${id}-${tab}`}
            type="button"
            role="tab"
            aria-selected={tab === shown}
            aria-controls={`${id}-panel`}
            tabIndex={tab === shown ? 0 : -1}
            onClick={() => onShow(tab)}
            className={clsx(
              "h-8 flex-1 rounded-control text-sm font-medium pointer-coarse:h-11",
              tab === shown ? "bg-surface text-ink shadow-xs" : "text-soft hover:text-ink",
            )}
          >
            {t(words[tab])}
          </button>
        ))}
      </div>
      <div
        id={`${id}-panel`}
        role="tabpanel"
        aria-labelledby={`${id}-${shown}`}
        className="flex min-h-0 flex-1 flex-col"
      >
        {panels[shown]}
      </div>
    </>
  );
}

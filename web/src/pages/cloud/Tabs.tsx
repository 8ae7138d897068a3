// SPDX-License-Identifier: Apache-2.0
import { msg } from "@lingui/core/macro";
import { useLingui } from "@lingui/react/macro";
import { clsx } from "clsx";
import type { KeyboardEvent, ReactNode } from "react";

export type Tab = "instances" | "worklog";
const tabs: readonly Tab[] = ["instances", "worklog"];
const labels = { instances: msg`Instances`, worklog: msg`Worklog` };
const idOf = (tab: Tab) => `cloud-tab-${tab}`;
const panelId = "cloud-tab-panel";

/** One widget at a time, where there is no room for both side by side. */
export function Tabs({ shown, onShow }: { shown: Tab; onShow: (tab: Tab) => void }) {
  const { t } = useLingui();
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
      const other = tabs.find((tab) => tab !== shown) ?? shown;
      onShow(other);
      document.getElementById(idOf(other))?.focus();
      event.preventDefault();
    }
  };
  return (
    <div role="tablist" aria-label={t`Cloud`} onKeyDown={onKeyDown} className="flex rounded-control bg-sunken">
      {tabs.map((tab) => (
        <button
          key={tab}
          id={idOf(tab)}
          type="button"
          role="tab"
          aria-selected={tab === shown}
          aria-controls={panelId}
          tabIndex={tab === shown ? 0 : -1}
          onClick={() => onShow(tab)}
          className={clsx(
            "h-9 rounded-control border px-2.5 text-xs font-medium whitespace-nowrap sm:px-4 pointer-coarse:h-11",
            tab === shown ? "border-line bg-surface text-ink" : "border-transparent text-soft hover:text-ink",
          )}
        >
          {t(labels[tab])}
        </button>
      ))}
    </div>
  );
}

export function TabPanel({ shown, children }: { shown: Tab; children: ReactNode }) {
  return (
    <div id={panelId} role="tabpanel" aria-labelledby={idOf(shown)} className="flex min-h-0 flex-1 flex-col">
      {children}
    </div>
  );
}

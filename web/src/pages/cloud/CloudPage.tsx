// SPDX-License-Identifier: Apache-2.0
import { useLingui } from "@lingui/react/macro";
import { useEffect, useState } from "react";
import { useKeys } from "#/ui/keys";
import { useMedia } from "#/ui/media";
import { Page } from "#/ui/Page";
import { InstanceDetails } from "./instances/InstanceDetails";
import { InstancesWidget } from "./instances/InstancesWidget";
import { cloudKeys } from "./keys";
import { NarrowTabs, type Tab } from "./NarrowTabs";
import { useAddress } from "./store/address";
import { startFeed } from "./store/feed";
import { WorklogWidget } from "./worklog/WorklogWidget";

/** The cloud dashboard: two widgets that know nothing of each other, over one store. */
export function CloudPage() {
  const { t } = useLingui();
  const [{ open }, change] = useAddress();
  const [tab, setTab] = useState<Tab>("instances");
  const wide = useMedia("(min-width: 64rem)");
  useEffect(startFeed, []);
  useKeys(cloudKeys(t, open, () => showWorklog(() => setTab("worklog"))));
  const close = () => change({ open: null, only: false });
  const list =
    open !== null && !wide ? (
      <InstanceDetails id={open} onClose={close} back />
    ) : (
      <InstancesWidget className="flex-1" />
    );
  if (!wide) {
    return (
      <Page title={t`Cloud`} fill>
        <NarrowTabs
          shown={tab}
          onShow={setTab}
          panels={{ instances: list, worklog: <WorklogWidget className="flex-1" /> }}
        />
      </Page>
    );
  }
  return (
    <Page title={t`Cloud`} fill>
      <div className="grid min-h-0 flex-1 grid-cols-2 grid-rows-[minmax(0,1fr)] gap-4">
        {list}
        <div className="flex min-h-0 min-w-0 flex-col gap-4">
          {open !== null && <InstanceDetails id={open} onClose={close} />}
          <WorklogWidget className="flex-1" />
        </div>
      </div>
    </Page>
  );
}

/** Leads to the Worklog; on a narrow screen its tab has to be there first. */
function showWorklog(show: () => void): void {
  show();
  requestAnimationFrame(() => document.querySelector<HTMLElement>("main [role=log]")?.focus());
}

// SPDX-License-Identifier: Apache-2.0
import { useLingui } from "@lingui/react/macro";
import { useEffect, useRef, useState } from "react";
import { focusSoon } from "#/ui/focusSoon";
import { useKeys } from "#/ui/keys";
import { useMedia } from "#/ui/media";
import { Page } from "#/ui/Page";
import { InstanceDetails } from "./instances/InstanceDetails";
import { InstancesWidget } from "./instances/InstancesWidget";
import { cloudKeys } from "./keys";
import { useAddress } from "./store/address";
import { startFeed } from "./store/feed";
import { type Tab, TabPanel, Tabs } from "./Tabs";
import { WorklogWidget } from "./worklog/WorklogWidget";

/** The cloud dashboard: two independent widgets over one store. */
export function CloudPage() {
  const { t } = useLingui();
  const [{ open }, change] = useAddress();
  const [tab, setTab] = useState<Tab>("instances");
  const wide = useMedia("(min-width: 64rem)");
  useEffect(startFeed, []);
  const close = () => change({ open: null, only: false });
  useKeys(cloudKeys(t, open, close, () => showWorklog(() => setTab("worklog"))));
  useFocusBack(open);

  if (wide) {
    return (
      <Page title={t`Cloud`} fill>
        <div className="grid min-h-0 flex-1 grid-cols-2 grid-rows-[minmax(0,1fr)] gap-4">
          <InstancesWidget />
          <div className="flex min-h-0 min-w-0 flex-col gap-4">
            {open !== null && <InstanceDetails id={open} onClose={close} />}
            <WorklogWidget />
          </div>
        </div>
      </Page>
    );
  }
  const list = open === null ? <InstancesWidget tabbed /> : <InstanceDetails id={open} onClose={close} back />;
  return (
    <Page title={t`Cloud`} actions={<Tabs shown={tab} onShow={setTab} />} fill>
      <TabPanel shown={tab}>{tab === "instances" ? list : <WorklogWidget tabbed />}</TabPanel>
    </Page>
  );
}

/** Returns the focus to the card whose details were closed. */
function useFocusBack(open: string | null): void {
  const before = useRef(open);
  useEffect(() => {
    if (before.current !== null && open === null && document.activeElement === document.body) {
      document.querySelector<HTMLElement>(`[data-instance="${CSS.escape(before.current)}"]`)?.focus();
    }
    before.current = open;
  }, [open]);
}

/** Focuses the Worklog; on a narrow screen its tab is opened first. */
function showWorklog(show: () => void): void {
  show();
  focusSoon("main [role=log]");
}

// SPDX-License-Identifier: Apache-2.0
import { useLingui } from "@lingui/react/macro";
import { useEffect } from "react";
import { useStore } from "zustand";
import { announce } from "#/ui/announcer";
import { useKeys } from "#/ui/keys";
import { Page } from "#/ui/Page";
import { FrameLog } from "./FrameLog";
import { unseenCount } from "./feed";
import { Latest } from "./Latest";
import { QuoteList } from "./QuoteList";
import { session, startVisit, wisdom } from "./visit";

export function WisdomPage() {
  const { t } = useLingui();
  const unseen = useStore(wisdom, (store) => unseenCount(store.feed));
  useEffect(startVisit, []);
  useEffect(
    () =>
      wisdom.subscribe(({ feed, pausedAt }, before) => {
        if (feed.quotes !== before.feed.quotes && pausedAt === null) {
          announce(feed.quotes[0]?.text ?? "");
        }
      }),
    [],
  );
  useKeys([
    { code: "KeyS", keyLabel: "s", label: t`Subscribe or unsubscribe`, run: toggleSubscription },
    {
      code: "KeyF",
      keyLabel: "f",
      label: t`Pause or resume`,
      run: () => session.setPaused(wisdom.getState().pausedAt === null),
    },
  ]);
  return (
    <Page title={t`Wisdom`} count={unseen}>
      <Latest />
      <QuoteList />
      <FrameLog />
    </Page>
  );
}

function toggleSubscription() {
  if (wisdom.getState().wanted) {
    session.unsubscribe();
  } else {
    session.subscribe();
  }
}

// SPDX-License-Identifier: Apache-2.0
import { Trans, useLingui } from "@lingui/react/macro";
import { useEffect } from "react";
import { Page } from "#/ui/Page";
import { Doors } from "./Doors";
import { Figures } from "./Figures";
import { OldDoors } from "./OldDoors";
import { followStats } from "./stats";

/** What Howl is, in one screen: a sentence, live figures, and a command for each door. */
export function HomePage() {
  const { t } = useLingui();
  useEffect(followStats, []);
  return (
    <Page title={t`Events, pushed the moment they happen`}>
      <p className="-mt-2 max-w-3xl text-base text-pretty text-soft">
        <Trans>
          Howl is one server: WebSocket, SSE and REST out to browsers, Kafka in. What it has acknowledged is on disk,
          and whoever comes back gets what was missed, once and in order. Five products stand on it; each has a page
          here and a door for your own code.
        </Trans>
      </p>
      <Figures />
      <Doors />
      <OldDoors />
    </Page>
  );
}

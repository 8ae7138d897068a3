// SPDX-License-Identifier: Apache-2.0
import { Trans, useLingui } from "@lingui/react/macro";
import { useEffect } from "react";
import { Page } from "#/ui/Page";
import { CompatEndpoints } from "./CompatEndpoints";
import { Figures } from "./Figures";
import { Products } from "./Products";
import { followStats } from "./stats";

/** What Howl is, on one screen: a sentence, live figures, and a command for each product and endpoint. */
export function HomePage() {
  const { t } = useLingui();
  useEffect(followStats, []);
  return (
    <Page title={t`Events, pushed the moment they happen`}>
      <p className="-mt-2 max-w-3xl text-base text-pretty text-soft">
        <Trans>
          Howl is one server: WebSocket, SSE and REST out to browsers, Kafka in. What it has acknowledged is on disk,
          and a client that reconnects gets what it missed, once and in order. Five products are built on it; each has a
          page here and an API for your own code.
        </Trans>
      </p>
      <Figures />
      <Products />
      <CompatEndpoints />
    </Page>
  );
}

// SPDX-License-Identifier: Apache-2.0
import { plural } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import { useEffect } from "react";
import { createPortal } from "react-dom";
import { Link } from "react-router";
import { tryAllNow, useConnections } from "#/live/connections";
import { announce } from "#/ui/announcer";
import { Button } from "#/ui/Button";
import { useTopDialog } from "#/ui/topDialog";
import { type BannerLine, useBannerLine } from "./useBannerLine";

/**
 * A line above the page while the connection has a problem, and shortly after it. It does not cover the content; with an open
 * dialog it is inside that, since its buttons would be inert outside.
 */
export function Banner() {
  const line = useBannerLine();
  const dialog = useTopDialog();
  useEffect(() => {
    if (line?.spoken) {
      announce(line.spoken);
    }
  }, [line?.spoken]);
  if (!line) {
    return null;
  }
  return dialog ? (
    createPortal(
      <div className="fixed inset-x-0 top-0">
        <Strip line={line} />
      </div>,
      dialog,
    )
  ) : (
    <Strip line={line} />
  );
}

function Strip({ line }: { line: BannerLine }) {
  const { t } = useLingui();
  const waiting = useConnections((store) => Object.values(store.waiting).reduce((sum, count) => sum + count, 0));
  return (
    <div
      data-banner={line.name}
      className={`flex min-h-11 shrink-0 flex-wrap items-center gap-x-4 gap-y-1 border-b border-line px-4 py-1.5 text-sm ${line.look}`}
    >
      {/* Only this is an alert: the rest changes often and should not be read out each time. */}
      <span role={line.alert ? "alert" : undefined} className="tabular-nums">
        {line.text}
      </span>
      {waiting > 0 && line.name !== "live" && line.name !== "unsent" && (
        <span className="text-soft">{t`${plural(waiting, { one: "# message is waiting", other: "# messages are waiting" })}`}</span>
      )}
      {line.button === "try" && (
        <Button size="small" onClick={tryAllNow}>
          <Trans>Try now</Trans>
        </Button>
      )}
      {line.button === "reload" && (
        <Button size="small" onClick={() => window.location.reload()}>
          <Trans>Reload</Trans>
        </Button>
      )}
      {line.button === "chat" && (
        <Link to="/chat" className="font-medium text-accent underline underline-offset-4">
          <Trans>Show them</Trans>
        </Link>
      )}
    </div>
  );
}

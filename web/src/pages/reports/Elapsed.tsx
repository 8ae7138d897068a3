// SPDX-License-Identifier: Apache-2.0
import { useFormats } from "#/i18n/format";
import { serverNow } from "#/live/serverClock";
import { useTick } from "#/ui/ticker";

/** How long something has been going on, by the server's clock, in whole seconds. */
export function Elapsed({ since }: { since: string }) {
  const formats = useFormats();
  useTick(true);
  const ms = Math.max(0, serverNow() - Date.parse(since));
  return <span className="tabular-nums">{formats.durationSoFar(ms)}</span>;
}

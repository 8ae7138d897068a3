// SPDX-License-Identifier: Apache-2.0
import { useFormats } from "#/i18n/format";
import { useServerSecond } from "#/ui/ticker";

/** How long something has been going on, by the server's clock, in whole seconds. */
export function Elapsed({ since }: { since: string }) {
  const formats = useFormats();
  const ms = Math.max(0, useServerSecond() - Date.parse(since));
  return <span className="tabular-nums">{formats.durationSoFar(ms)}</span>;
}

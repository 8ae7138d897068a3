// SPDX-License-Identifier: Apache-2.0
import { useFormats } from "#/i18n/format";
import { serverNow } from "#/live/serverClock";
import { useServerTimeSince } from "./ticker";

interface Props {
  /** ms since 1970 on the server's clock. */
  at: number;
  /** Always date and time to the second, whatever the user's setting: for logs. */
  absolute?: boolean;
  className?: string;
}

/** A timestamp in the format that the user has set; the title has all of it, with the zone. */
export function Time({ at, absolute = false, className }: Props) {
  const formats = useFormats();
  return (
    <time dateTime={new Date(at).toISOString()} title={formats.exact(at)} className={className}>
      {absolute ? formats.full(at) : <RelativeTime at={at} />}
    </time>
  );
}

function RelativeTime({ at }: { at: number }) {
  return useFormats().time(at, useServerTimeSince(at));
}

/** It has just happened, so its row is animated; a row that is rendered again later is not. */
export function isRecent(at: number): boolean {
  return serverNow() - at < 2000;
}

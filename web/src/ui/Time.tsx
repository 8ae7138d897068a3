// SPDX-License-Identifier: Apache-2.0
import { useFormats } from "#/i18n/format";
import { serverNow } from "#/live/serverClock";
import { useServerTimeSince } from "./ticker";

interface Props {
  /** ms since 1970 on the server's clock. */
  at: number;
  /** Always date and clock to the second, whatever the person prefers: logs. */
  absolute?: boolean;
  className?: string;
}

/** A point in time in the person's way; all of it, with the zone, in the title. */
export function Time({ at, absolute = false, className }: Props) {
  const formats = useFormats();
  return (
    <time dateTime={new Date(at).toISOString()} title={formats.exact(at)} className={className}>
      {absolute ? formats.full(at) : <Passing at={at} />}
    </time>
  );
}

function Passing({ at }: { at: number }) {
  return useFormats().time(at, useServerTimeSince(at));
}

/** It has only just happened, so it may catch the eye; a row that is drawn again later does not. */
export function isFresh(at: number): boolean {
  return serverNow() - at < 2000;
}

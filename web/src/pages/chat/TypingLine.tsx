// SPDX-License-Identifier: Apache-2.0

import { plural } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import { useShallow } from "zustand/shallow";
import { QuotedText } from "#/ui/QuotedText";
import { useChat } from "./chat";

/** Who is typing. The line is always there, so that nothing moves; it is never read out. */
export function TypingLine() {
  const { t } = useLingui();
  const names = useChat(useShallow(({ room }) => [...room.typing.values()].map((sign) => sign.user.name)));
  const [first, second] = names;
  const count = names.length;
  return (
    <div aria-hidden className="h-6 shrink-0 truncate px-4 text-2xs/6 text-soft" data-typing={count}>
      {count === 1 && (
        <Trans>
          <QuotedText text={first ?? ""} /> is typing…
        </Trans>
      )}
      {count === 2 && (
        <Trans>
          <QuotedText text={first ?? ""} /> and <QuotedText text={second ?? ""} /> are typing…
        </Trans>
      )}
      {count > 2 && t`${plural(count, { one: "# person is typing…", other: "# people are typing…" })}`}
    </div>
  );
}

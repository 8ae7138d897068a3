// SPDX-License-Identifier: Apache-2.0

import { Trans, useLingui } from "@lingui/react/macro";
import { CommandLine } from "#/ui/copy";
import { QuotedText } from "#/ui/QuotedText";
import { curlLine, kafkaLine } from "./commands";

/** How to send a message from a terminal. */
export function Hints({ user }: { user: string }) {
  const { t } = useLingui();
  const text = t`Hello 🦋`;
  return (
    <div className="mx-auto flex w-full max-w-xl flex-col gap-3 px-4 py-10">
      <p className="text-center text-sm text-balance text-soft">
        <Trans>
          Nothing for <QuotedText text={user} className="font-medium text-ink" /> yet. Send the first message:
        </Trans>
      </p>
      <CommandLine label={t`Send with curl`}>{curlLine(window.location.origin, user, text)}</CommandLine>
      <p className="text-center text-sm text-soft">
        <Trans>or through Kafka, where the server reads a broker:</Trans>
      </p>
      <CommandLine label={t`Send with Kafka`}>{kafkaLine(user, text)}</CommandLine>
    </div>
  );
}

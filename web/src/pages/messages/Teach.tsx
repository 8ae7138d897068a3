// SPDX-License-Identifier: Apache-2.0

import { Trans, useLingui } from "@lingui/react/macro";
import { CommandLine } from "#/ui/copy";
import { Said } from "#/ui/Said";
import { curlLine, kafkaLine } from "./commands";

/** How a message gets here, to be tried in a terminal. */
export function Teach({ user }: { user: string }) {
  const { t } = useLingui();
  const text = t`Hello 🦋`;
  return (
    <div className="mx-auto flex w-full max-w-xl flex-col gap-3 px-4 py-10">
      <p className="text-center text-sm text-balance text-soft">
        <Trans>
          Nothing for <Said text={user} className="font-medium text-ink" /> yet. Send the first message:
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

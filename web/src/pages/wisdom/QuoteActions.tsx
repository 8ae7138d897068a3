// SPDX-License-Identifier: Apache-2.0
import { useLingui } from "@lingui/react/macro";
import { Share2 } from "lucide-react";
import { IconButton } from "#/ui/Button";
import { CopyButton } from "#/ui/copy";

/** The buttons of a quote: copy, and share where the browser supports it. */
export function QuoteActions({ text }: { text: string }) {
  const { t } = useLingui();
  return (
    <span className="inline-flex">
      <CopyButton text={text} label={t`Copy the quote`} />
      {"share" in navigator && (
        // A canceled share is no error.
        <IconButton size="small" label={t`Share`} onClick={() => void navigator.share({ text }).catch(() => undefined)}>
          <Share2 className="size-3.5" aria-hidden />
        </IconButton>
      )}
    </span>
  );
}

// SPDX-License-Identifier: Apache-2.0
import { useLingui } from "@lingui/react/macro";
import { clsx } from "clsx";
import { Check, CircleAlert, Copy } from "lucide-react";
import { Fragment, useEffect, useState } from "react";
import { announce } from "./announcer";
import { IconButton } from "./Button";
import { copyText } from "./clipboard";

interface Props {
  text: string;
  label?: string;
  tabIndex?: number;
}

export function CopyButton({ text, label, tabIndex = 0 }: Props) {
  const { t } = useLingui();
  const [copied, setCopied] = useState(false);
  const [refused, setRefused] = useState(false);
  useEffect(() => {
    const timer = copied ? setTimeout(() => setCopied(false), 1500) : undefined;
    return () => clearTimeout(timer);
  }, [copied]);
  const refusal = t`The browser does not let this page copy. Select the text and copy it yourself.`;
  const copy = async () => {
    if (await copyText(text)) {
      setCopied(true);
      announce(t`Copied`);
    } else {
      setRefused(true);
      announce(refusal);
    }
  };
  const Icon = refused ? CircleAlert : copied ? Check : Copy;
  return (
    <IconButton
      size="small"
      tabIndex={tabIndex}
      label={refused ? refusal : (label ?? t`Copy`)}
      onClick={() => void copy()}
    >
      <Icon className={clsx("size-3.5", copied && "text-ok", refused && "text-bad")} aria-hidden />
    </IconButton>
  );
}

/** A command to try in a terminal, with a copy button; lines break after slashes where there is no room. */
export function CommandLine({ children, label }: { children: string; label?: string }) {
  const { t } = useLingui();
  return (
    <div className="flex items-start gap-1 rounded-control border border-line bg-sunken py-1 pr-1 pl-3">
      <code
        className="min-w-0 flex-1 py-1 font-mono text-2xs/relaxed break-words [overflow-wrap:anywhere]"
        role="group"
        aria-label={label ?? t`Command`}
      >
        {children.split(/(?<=[/?&])(?!\/)/).map((part, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one command never change places
          <Fragment key={index}>
            {part}
            <wbr />
          </Fragment>
        ))}
      </code>
      <CopyButton text={children} label={t`Copy the command`} />
    </div>
  );
}

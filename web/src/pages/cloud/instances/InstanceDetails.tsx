// SPDX-License-Identifier: Apache-2.0
import { Trans, useLingui } from "@lingui/react/macro";
import { ArrowLeft, X } from "lucide-react";
import { type ReactNode, useEffect, useRef } from "react";
import { useFormats } from "#/i18n/format";
import { Button, IconButton } from "#/ui/Button";
import { CommandLine, CopyButton } from "#/ui/copy";
import { Panel } from "#/ui/Panel";
import { Time } from "#/ui/Time";
import { useCloud } from "../store/cloud";
import { unconfirmedOf } from "../store/commands";
import { lineText, shortId } from "../store/labels";
import type { Instance } from "../store/types";
import { Actions } from "./Actions";
import { StateTimeline } from "./StateTimeline";
import { Countdown, OperationBadge, StateWord } from "./Status";

interface Props {
  id: string;
  onClose: () => void;
  /** It replaces the list, so closing it leads back there. */
  back?: boolean;
}

/** The details of one instance: its data, its actions and its history. */
export function InstanceDetails({ id, onClose, back = false }: Props) {
  const { t } = useLingui();
  const instance = useCloud((store) => store.fleet.known.get(id)?.instance);
  const loaded = useCloud((store) => store.fleet.base !== null);
  const backButton = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    // The list was removed with the focus in it; not so where the page was opened with the details.
    if (back && window.history.state?.idx > 0 && document.activeElement === document.body) {
      backButton.current?.focus();
    }
  }, [back]);
  const close = back ? (
    <Button ref={backButton} kind="quiet" size="small" onClick={onClose}>
      <ArrowLeft aria-hidden className="size-4" />
      <Trans>All instances</Trans>
    </Button>
  ) : (
    <IconButton label={t`Close the details`} onClick={onClose}>
      <X aria-hidden className="size-4" />
    </IconButton>
  );
  const short = shortId(id);
  return (
    <Panel title={t`Instance ${short}`} actions={close} className={back ? "min-h-0 flex-1" : "max-h-1/2 shrink-0"}>
      <div className="min-h-0 flex-1 overflow-y-auto px-4 pb-4">
        <p className="mb-3 flex items-center gap-1 font-mono text-xs">
          <span className="min-w-0 wrap-anywhere">{id}</span>
          <CopyButton text={id} label={t`Copy the id`} />
        </p>
        {instance && <Facts instance={instance} />}
        {!instance && loaded && (
          <p className="mb-3 text-sm text-soft">
            <Trans>There is no such instance now.</Trans>
          </p>
        )}
        <History id={id} />
        {instance && (
          <div className="mt-4">
            <CommandLine>{`curl ${window.location.origin}/api/cloud/instances/${id}`}</CommandLine>
          </div>
        )}
      </div>
    </Panel>
  );
}

function Facts({ instance }: { instance: Instance }) {
  const { t } = useLingui();
  const unconfirmed = useCloud((store) => unconfirmedOf(store.commands, instance.id));
  const running = instance.operation?.kind ?? unconfirmed;
  return (
    <dl className="grid grid-cols-[auto_1fr] items-center gap-x-4 gap-y-1.5 text-sm">
      {instance.name && (
        <Fact name={t`Name`}>
          <bdi dir="auto">{instance.name}</bdi>
        </Fact>
      )}
      <Fact name={t`Status`}>
        <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <StateWord state={instance.state} />
          {running && <OperationBadge kind={running} />}
          {instance.operation && <Countdown operation={instance.operation} />}
        </span>
      </Fact>
      <Fact name={t`Since`}>
        <Time at={instance.changedAt} />
      </Fact>
      <Fact name={t`Actions`}>
        <Actions instance={instance} running={running} />
      </Fact>
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-soft">{name}</dt>
      <dd className="min-w-0">{children}</dd>
    </>
  );
}

/** Its last events, the newest first. */
function History({ id }: { id: string }) {
  const { t } = useLingui();
  const formats = useFormats();
  const lines = useCloud((store) => store.worklog.lines);
  const own = lines.filter(({ instance }) => instance.id === id).slice(-20);
  if (own.length === 0) {
    return null;
  }
  return (
    <>
      <h3 className="mt-4 mb-1.5 text-xs font-semibold text-soft">
        <Trans>History</Trans>
      </h3>
      <StateTimeline lines={own} />
      <ol className="mt-2 space-y-1 text-xs">
        {own.toReversed().map((line) => {
          const took = line.took === null ? null : formats.duration(line.took);
          return (
            <li key={line.offset} className="flex flex-wrap gap-x-3">
              <Time at={line.time} absolute className="text-soft" />
              <span>{t(lineText(line.type, line.kind))}</span>
              <span className="text-soft">{took === null ? t`via ${line.door}` : t`took ${took}`}</span>
            </li>
          );
        })}
      </ol>
    </>
  );
}

// SPDX-License-Identifier: Apache-2.0

import { Trans, useLingui } from "@lingui/react/macro";
import { ArrowLeft, X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useLocation, useNavigate } from "react-router";
import { Button, IconButton } from "#/ui/Button";
import { CopyButton } from "#/ui/copy";
import { EmptyState } from "#/ui/EmptyState";
import { Panel } from "#/ui/Panel";
import { QuotedText } from "#/ui/QuotedText";
import { ShortId } from "#/ui/ShortId";
import { Skeleton } from "#/ui/Skeleton";
import { attemptsOf } from "../model/attempts";
import { hasGap, type Report } from "../model/report";
import { StatusBadge } from "../StatusBadge";
import { fillGap } from "../store/followReports";
import { useReports } from "../store/reports";
import { Actions } from "./Actions";
import { AttemptChoice } from "./AttemptChoice";
import { FailureBox } from "./FailureBox";
import { History } from "./History";
import { Json } from "./Json";
import { NotConfirmed } from "./NotConfirmed";
import { Run } from "./Run";
import { Simulate } from "./Simulate";
import { TransitionMap } from "./TransitionMap";

interface Props {
  user: string;
  id: string;
  className?: string;
}

/** All data of one report, beside the list, or instead of it on a narrow screen. */
export function Details({ user, id, className }: Props) {
  const { t } = useLingui();
  const navigate = useNavigate();
  const { search, state } = useLocation();
  const report = useReports((store) => store.reports.get(id));
  const ready = useReports((store) => store.ready);
  const close = () => navigate({ pathname: "/reports", search });

  const region = useRef<HTMLDivElement>(null);
  const wasOpened = state?.opened === true;
  useEffect(() => {
    if (wasOpened) {
      region.current?.focus({ preventScroll: true });
    }
  }, [wasOpened]);

  return (
    <div
      ref={region}
      tabIndex={-1}
      role="group"
      aria-label={t`Details of the report`}
      className={`min-h-0 overflow-y-auto rounded-card outline-none ${className ?? ""}`}
    >
      <Panel
        title={t`Report`}
        actions={
          <>
            <Button kind="quiet" size="small" onClick={close} className="-order-1 -ml-2.5 lg:hidden">
              <ArrowLeft aria-hidden className="size-4" />
              <Trans>All reports</Trans>
            </Button>
            <span className="max-lg:hidden">
              <IconButton size="small" label={t`Close the details`} onClick={close}>
                <X aria-hidden className="size-4" />
              </IconButton>
            </span>
          </>
        }
      >
        {report ? (
          <Body key={report.id} user={user} report={report} />
        ) : ready ? (
          <NotThere id={id} onClose={close} />
        ) : (
          <BodySkeleton />
        )}
      </Panel>
    </div>
  );
}

function Body({ user, report }: { user: string; report: Report }) {
  const { t } = useLingui();
  const [chosen, setChosen] = useState<number | null>(null);
  const gap = hasGap(report);
  useEffect(() => {
    if (gap) {
      void fillGap(user, report.id);
    }
  }, [gap, user, report.id]);

  const attempts = attemptsOf(report);
  const attempt = attempts.find(({ number }) => number === chosen) ?? attempts.at(-1);
  if (!attempt) {
    return null;
  }
  const isLast = attempt === attempts.at(-1);
  return (
    <div className="flex flex-col gap-5 px-4 pb-4">
      <div className="flex flex-col gap-3">
        <span className="-mt-1 flex min-w-0 items-center gap-1 text-xs">
          <ShortId id={report.id} />
          <CopyButton text={report.id} label={t`Copy the report ID`} />
        </span>
        <div className="flex min-h-8 flex-wrap items-center gap-x-3 gap-y-2">
          <StatusBadge status={report.status} />
          <AttemptChoice attempts={attempts} chosen={attempt} onChoose={setChosen} />
          <Run attempt={attempt} isLast={isLast} />
        </div>
      </div>
      <TransitionMap attempt={attempt} isLast={isLast} />
      {isLast && <Actions report={report} />}
      <NotConfirmed id={report.id} />
      <FailureBox report={report} attempt={attempt} />
      <History user={user} attempt={attempt} isLast={isLast} />
      {report.allowed.length > 0 && <Simulate user={user} report={report} />}
      <Json report={report} />
    </div>
  );
}

function NotThere({ id, onClose }: { id: string; onClose: () => void }) {
  return (
    <EmptyState
      action={
        <Button onClick={onClose}>
          <Trans>All reports</Trans>
        </Button>
      }
    >
      <Trans>
        This user has no report <QuotedText text={id} className="font-mono wrap-anywhere text-ink" />. It may be another
        user's.
      </Trans>
    </EmptyState>
  );
}

function BodySkeleton() {
  return (
    <div className="flex flex-col gap-5 px-4 pb-4">
      <Skeleton className="h-7 w-full" />
      <Skeleton className="h-7 w-32" />
      <Skeleton className="h-44 w-full" />
      <Skeleton className="h-40 w-full" />
    </div>
  );
}

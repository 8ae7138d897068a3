// SPDX-License-Identifier: Apache-2.0
import { Trans, useLingui } from "@lingui/react/macro";
import { useErrorWords } from "#/i18n/errors";
import { Button } from "#/ui/Button";
import { CommandLine } from "#/ui/copy";
import { EmptyState } from "#/ui/EmptyState";
import { Skeleton } from "#/ui/Skeleton";
import { createCommand } from "../store/server";
import { CreateButton } from "./CreateButton";

export function ListSkeleton() {
  const { t } = useLingui();
  return (
    <div role="status" aria-label={t`Loading the reports…`} className="flex flex-col border-t border-line">
      {[0, 1, 2, 3, 4, 5].map((row) => (
        <div key={row} className="flex h-14 items-center gap-3 border-b border-line px-4">
          <Skeleton className="h-6 w-29 rounded-full" />
          <div className="flex flex-1 flex-col gap-1.5">
            <Skeleton className="h-3.5 w-full max-w-72" />
            <Skeleton className="h-3 w-20" />
          </div>
        </div>
      ))}
    </div>
  );
}

export function ListError({ error }: { error: unknown }) {
  const errorWords = useErrorWords();
  return (
    <EmptyState>
      <Trans>The reports could not be read; retrying automatically. {errorWords(error)}</Trans>
    </EmptyState>
  );
}

export function EmptyList({ user }: { user: string }) {
  const { t } = useLingui();
  return (
    <EmptyState
      action={
        <>
          <CreateButton />
          <div className="w-full text-left">
            <CommandLine label={t`The same from a terminal`}>{createCommand(user)}</CommandLine>
          </div>
        </>
      }
    >
      <Trans>
        You have no reports yet. Create one and watch it move: workers, scripts and other tabs all show up here.
      </Trans>
    </EmptyState>
  );
}

export function NothingFound({ onClear }: { onClear: () => void }) {
  return (
    <EmptyState
      action={
        <Button onClick={onClear}>
          <Trans>Show all reports</Trans>
        </Button>
      }
    >
      <Trans>No report matches.</Trans>
    </EmptyState>
  );
}

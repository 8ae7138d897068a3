// SPDX-License-Identifier: Apache-2.0
import { Trans } from "@lingui/react/macro";
import { Suspense } from "react";
import { Link, Outlet, useLocation } from "react-router";
import { Skeleton } from "#/ui/Skeleton";
import { Banner } from "./Banner";
import { Dialogs } from "./Dialogs";
import { ErrorBoundary } from "./ErrorBoundary";
import { Indicator } from "./Indicator";
import { Navigation } from "./Navigation";
import { Preferences } from "./Preferences";
import { useShortcuts } from "./useShortcuts";

/** The frame around every page: navigation, connection state, language and theme. */
export function Shell() {
  useShortcuts();
  const [, page] = useLocation().pathname.split("/");
  return (
    <div className="flex h-dvh flex-col md:flex-row">
      <a
        href="#main"
        className="sr-only z-50 rounded-control bg-surface px-4 py-2 text-sm font-medium focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
      >
        <Trans>Skip to the content</Trans>
      </a>
      <header
        data-region
        className="flex shrink-0 items-center gap-1 border-line print:hidden bg-surface px-2 max-md:h-13 max-md:border-b md:w-56 md:flex-col md:items-stretch md:border-r md:p-3"
      >
        <Link
          to="/"
          className="flex items-center gap-2.5 rounded-control px-1.5 py-1.5 text-base font-semibold md:mb-3"
        >
          <img src="/icon.svg" alt="" width="28" height="28" />
          <span className="max-[22rem]:sr-only">Howl</span>
        </Link>
        <Navigation place="side" />
        <div className="flex min-w-0 items-center max-md:ml-auto md:mt-auto md:flex-col md:items-stretch md:gap-2">
          <Indicator />
          <Preferences />
        </div>
      </header>
      <div className="flex min-h-0 min-w-0 flex-1 flex-col">
        <Banner />
        <main
          id="main"
          tabIndex={-1}
          data-region
          className="flex min-h-0 flex-1 flex-col overflow-x-clip overflow-y-auto"
        >
          <ErrorBoundary key={page}>
            <Suspense fallback={<PageSkeleton />}>
              <Outlet />
            </Suspense>
          </ErrorBoundary>
        </main>
      </div>
      <div data-region className="contents print:hidden">
        <Navigation place="bottom" />
      </div>
      <Dialogs />
    </div>
  );
}

function PageSkeleton() {
  return (
    <div className="mx-auto w-full max-w-7xl px-4 py-4 sm:px-6">
      <Skeleton className="mb-4 h-9 w-40" />
      <Skeleton className="h-96 rounded-card" />
    </div>
  );
}

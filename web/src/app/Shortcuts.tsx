// SPDX-License-Identifier: Apache-2.0
import { useLingui } from "@lingui/react/macro";
import { useEffect, useRef, useState } from "react";
import { useNavigate } from "react-router";
import { switchTheme } from "#/settings/theme";
import { Dialog } from "#/ui/Dialog";
import { Kbd } from "#/ui/Kbd";
import { letterOf, usePageKeys } from "#/ui/keys";
import { pages } from "./pages";

/** The keys that work everywhere, and the list of all that work here. */
export function Shortcuts() {
  const { t, i18n } = useLingui();
  const navigate = useNavigate();
  const [shown, setShown] = useState(false);
  const goPressed = useRef(0);
  const pageKeys = usePageKeys((store) => store.keys);

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key === "F6") {
        event.preventDefault();
        focusRegion(event.shiftKey ? -1 : 1);
        return;
      }
      const letter = letterOf(event);
      if (letter === null) {
        return;
      }
      const page = pages.find((each) => each.key === letter);
      if (event.key === "?") {
        setShown(true);
      } else if (page && event.timeStamp - goPressed.current < 1500) {
        goPressed.current = 0;
        navigate(page.to);
      } else if (letter === "KeyG") {
        goPressed.current = event.timeStamp;
        return;
      } else if (letter === "KeyT") {
        switchTheme();
      } else if (event.code === "Slash") {
        const search = document.querySelector<HTMLElement>("main [type=search]");
        search?.focus();
        if (!search) {
          return;
        }
      } else {
        const key = usePageKeys.getState().keys.get(letter);
        if (!key) {
          return;
        }
        key.act();
      }
      event.preventDefault();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [navigate]);

  if (!shown) {
    return null;
  }
  return (
    <Dialog title={t`Keys`} onClose={() => setShown(false)}>
      <dl className="grid grid-cols-[auto_1fr] items-center gap-x-4 gap-y-2 text-sm">
        {[...pageKeys.values()].map((key) => (
          <Row key={key.shown} keys={[key.shown]} what={key.what} />
        ))}
        {pages.map((page) => (
          <Row key={page.name} keys={["g", page.key.slice(3).toLowerCase()]} what={i18n._(page.title)} />
        ))}
        <Row keys={["/"]} what={t`Search on the page`} />
        <Row keys={["t"]} what={t`Light or dark`} />
        <Row keys={["F6"]} what={t`Next region`} />
        <Row keys={["?"]} what={t`This list`} />
      </dl>
    </Dialog>
  );
}

function Row({ keys, what }: { keys: readonly string[]; what: string }) {
  return (
    <>
      <dt className="flex gap-1">
        {keys.map((key) => (
          <Kbd key={key}>{key}</Kbd>
        ))}
      </dt>
      <dd>{what}</dd>
    </>
  );
}

function focusRegion(step: 1 | -1): void {
  const regions = [...document.querySelectorAll<HTMLElement>("[data-region]")];
  const here = regions.findLastIndex((region) => region.contains(document.activeElement));
  const next = regions.at((here + step + regions.length) % regions.length);
  const inside = next?.querySelector<HTMLElement>("a, button, input, textarea, [tabindex]");
  (inside ?? next)?.focus();
}

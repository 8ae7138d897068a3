// SPDX-License-Identifier: Apache-2.0
import { cloneElement, type ReactElement, useId, useLayoutEffect, useRef, useState } from "react";

interface Props {
  text: string;
  /** The text repeats the accessible name of its anchor, so it is not read out a second time. */
  isName?: boolean;
  children: ReactElement<{ "aria-describedby"?: string }>;
}

/** A hint on hover and on focus; Esc hides it (WCAG 1.4.13). In the browser's top layer, so nothing cuts it off. */
export function Tooltip({ text, isName = false, children }: Props) {
  const id = useId();
  const [shown, setShown] = useState(false);
  const anchor = useRef<HTMLSpanElement>(null);
  const hint = useRef<HTMLSpanElement>(null);

  useLayoutEffect(() => {
    const [inside, tip] = [anchor.current?.firstElementChild, hint.current];
    if (!shown || !inside || !tip) {
      return; // Without measuring, which would force a layout for each tooltip.
    }
    tip.showPopover?.();
    const box = inside.getBoundingClientRect();
    const { width, height } = tip.getBoundingClientRect();
    const left = Math.min(Math.max(8, box.left + box.width / 2 - width / 2), window.innerWidth - width - 8);
    const above = box.top - height - 6;
    tip.style.left = `${left}px`;
    tip.style.top = `${above < 8 ? box.bottom + 6 : above}px`;
    return () => tip.hidePopover?.();
  }, [shown]);

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only watches what happens to the button inside
    <span
      ref={anchor}
      className="contents"
      onPointerEnter={(event) => setShown(event.pointerType === "mouse")}
      onPointerLeave={() => setShown(false)}
      onFocus={(event) => setShown(event.target.matches(":focus-visible"))}
      onBlur={() => setShown(false)}
      onKeyDown={(event) => {
        if (event.key === "Escape" && shown) {
          setShown(false);
        }
      }}
    >
      {isName ? children : cloneElement(children, { "aria-describedby": id })}
      {(shown || !isName) && (
        <span
          ref={hint}
          id={id}
          role="tooltip"
          popover="manual"
          className="pointer-events-none fixed m-0 max-w-72 rounded-control border border-line bg-ink px-2 py-1 text-2xs text-ground"
        >
          {text}
        </span>
      )}
    </span>
  );
}

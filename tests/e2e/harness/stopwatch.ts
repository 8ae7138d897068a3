// SPDX-License-Identifier: Apache-2.0
// How long things take, as a browser sees them. Figures are printed, not judged: the machine is shared.

import type { Locator, Page, TestInfo } from '@playwright/test';

/** Begins to note in the page when each of `texts` is first on the screen. */
export async function noteArrivals(page: Page, texts: readonly string[]): Promise<void> {
    await page.evaluate((wanted) => {
        const arrivals: Record<string, number> = {};
        Object.assign(window, { arrivals });
        const look = () => {
            const shown = document.body.innerText;
            for (const text of wanted) {
                if (!(text in arrivals) && shown.includes(text)) {
                    arrivals[text] = performance.timeOrigin + performance.now();
                }
            }
        };
        new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
    }, texts);
}

/** Begins to note when Enter is pressed in a field, by the text that is in it. */
export async function notePresses(field: Locator): Promise<void> {
    await field.evaluate((element) => {
        const pressed: Record<string, number> = {};
        Object.assign(window, { pressed });
        const note = (event: Event) => {
            if ((event as KeyboardEvent).key === 'Enter') {
                pressed[(element as HTMLTextAreaElement).value] = performance.timeOrigin + performance.now();
            }
        };
        window.addEventListener('keydown', note, { capture: true });
    });
}

export const presses = (page: Page): Promise<Record<string, number>> =>
    page.evaluate(() => (window as unknown as { pressed: Record<string, number> }).pressed);

/** When each text arrived, in ms since 1970. */
export const arrivals = (page: Page): Promise<Record<string, number>> =>
    page.evaluate(() => (window as unknown as { arrivals: Record<string, number> }).arrivals);

/** The value below which the share `q` of all lies. */
export function quantile(values: readonly number[], q: number): number {
    const sorted = [...values].sort((a, b) => a - b);
    return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN;
}

export function report(info: TestInfo, what: string, values: readonly number[], unit = 'ms'): void {
    const at = (q: number) => quantile(values, q).toFixed(1);
    const figures = `p50 ${at(0.5)} ${unit}, p95 ${at(0.95)} ${unit}, max ${at(1)} ${unit}`;
    const text = `${what}: ${figures} (${values.length} times)`;
    info.annotations.push({ type: 'measured', description: text });
    console.log(`  measured: ${text}`);
}

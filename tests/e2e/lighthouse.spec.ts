// SPDX-License-Identifier: Apache-2.0
import { createServer } from 'node:net';
import { chromium } from '@playwright/test';
import lighthouse, { type RunnerResult as Result } from 'lighthouse';
import { fillPages } from './harness/filled_pages.ts';
import { expect, test } from './harness/portal.ts';

const categories = ['performance', 'accessibility', 'best-practices', 'seo'] as const;
/** Their median counts, as Lighthouse advises: what else the machine does only ever makes a page look slower. */
const runs = 5;
/** A page that keeps a stream open is never done with its network. */
const loadedAfter = 15_000;

function freePort(): Promise<number> {
    return new Promise((resolve) => {
        const probe = createServer().listen(0, '127.0.0.1', () => {
            const address = probe.address();
            probe.close(() => resolve(typeof address === 'object' ? (address?.port ?? 0) : 0));
        });
    });
}

/** Once more where the browser gave no trace: Lighthouse asks for that itself. */
async function measured(url: string, port: number, tries = 3): Promise<Result['lhr']> {
    const result = await lighthouse(url, {
        port,
        logLevel: 'error',
        onlyCategories: [...categories],
        maxWaitForLoad: loadedAfter,
    });
    if (result && !result.lhr.runtimeError) {
        return result.lhr;
    }
    if (tries === 1) {
        throw new Error(`Lighthouse could not measure ${url}: ${result?.lhr.runtimeError?.message}`);
    }
    return measured(url, port, tries - 1);
}

for (const name of ['chat', 'cloud']) {
    test(`Lighthouse gives ${name} 95 or more in everything`, { tag: '@slow' }, async ({ howl }, info) => {
        test.setTimeout(300_000);
        await fillPages(howl, 20);
        const port = await freePort();
        const { launchOptions = {} } = info.project.use;
        const browser = await chromium.launch({
            ...launchOptions,
            args: [`--remote-debugging-port=${port}`],
        });
        const scores: Record<string, number[]> = {};
        try {
            for (let run = 0; run < runs; run += 1) {
                const result = await measured(`${howl.url}/${name}`, port);
                for (const category of categories) {
                    (scores[category] ??= []).push((result.categories[category]?.score ?? 0) * 100);
                }
            }
        } finally {
            await browser.close();
        }
        const medians = categories.map((each) => [each, scores[each]?.toSorted((a, b) => a - b)[1] ?? 0]);
        const text = `${name}: ${medians.map(([each, score]) => `${each} ${score}`).join(', ')}`;
        info.annotations.push({ type: 'measured', description: text });
        console.log(`  measured: Lighthouse, ${text}`);
        for (const [category, score] of medians) {
            expect(score, `${category} of ${name}`).toBeGreaterThanOrEqual(95);
        }
    });
}

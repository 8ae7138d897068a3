// SPDX-License-Identifier: Apache-2.0
import { createServer } from 'node:net';
import { chromium } from '@playwright/test';
import lighthouse from 'lighthouse';
import { furnish } from './harness/furnished.ts';
import { expect, test } from './harness/portal.ts';

const categories = ['performance', 'accessibility', 'best-practices', 'seo'] as const;
const runs = 3;

function freePort(): Promise<number> {
    return new Promise((resolve) => {
        const probe = createServer().listen(0, '127.0.0.1', () => {
            const address = probe.address();
            probe.close(() => resolve(typeof address === 'object' ? (address?.port ?? 0) : 0));
        });
    });
}

for (const name of ['chat', 'cloud']) {
    test(`Lighthouse gives ${name} 95 or more in everything`, { tag: '@slow' }, async ({ howl }, info) => {
        test.setTimeout(300_000);
        await furnish(howl, 20);
        const port = await freePort();
        const { launchOptions = {} } = info.project.use;
        const browser = await chromium.launch({
            ...launchOptions,
            args: [`--remote-debugging-port=${port}`],
        });
        const scores: Record<string, number[]> = {};
        try {
            for (let run = 0; run < runs; run += 1) {
                const result = await lighthouse(`${howl.url}/${name}`, {
                    port,
                    logLevel: 'error',
                    onlyCategories: [...categories],
                });
                for (const category of categories) {
                    (scores[category] ??= []).push((result?.lhr.categories[category]?.score ?? 0) * 100);
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

// SPDX-License-Identifier: Apache-2.0
// All pages with content, in any language: for the tests that visit each of them.

import type { Locator, Page } from '@playwright/test';
import type { Server } from '../../harness/server_process.ts';
import { sendFromOutside } from './chat.ts';
import { call } from './api_call.ts';
import { pages } from './pages.ts';
import { expect, type Visit, type Visitor } from './portal.ts';
import { createdByApi, move, someUser } from './reports.ts';

const texts = [
    'Good evening to the pack 🐺',
    'See https://example.com/a/rather/long/address/that/has/to/be/wrapped/somewhere?on=small#screens',
    '🌕',
    'Съешь же ещё этих мягких французских булок, да выпей чаю. '.repeat(4),
];

/** Creates `count` items for every page; 0 leaves the pages empty. */
export async function fillPages(server: Server, count: number): Promise<void> {
    const numbers = Array.from({ length: count }, (_, n) => n);
    if (count === 0) {
        return;
    }
    const text = (n: number) => texts[n % texts.length] ?? '';
    await sendFromOutside(server, 'Alexandra', numbers.map(text));
    for (const n of numbers) {
        await call(server, 'POST', '/v3/message?username=anna', text(n));
        await call(server, 'POST', '/api/cloud/instances', { name: `web-${n}` });
        const report = await createdByApi(server);
        const way = ['queued', 'processing', 'failed', 'pending'].slice(0, n % 5);
        for (const status of way) {
            await move(server, report, status);
        }
    }
}

/** Fills the one field of a page, and submits it. */
async function answer(field: Locator, words: string): Promise<void> {
    await field.fill(words);
    await field.press('Enter');
    await expect(field).toBeHidden();
}

const signIns: Record<string, (page: Page) => Promise<void>> = {
    chat: (page) => answer(page.locator('dialog input'), 'Anna'),
    reports: (page) => answer(page.locator('main form input'), someUser),
    messages: (page) => answer(page.locator('main input[autocomplete="username"]'), 'anna'),
    wisdom: async (page) => {
        await page.locator('main section button:not([aria-label])').first().click();
        await expect(page.locator('main [data-phase="subscribed"]')).toBeVisible();
        await expect(page.locator('main ul[aria-label] li').first()).toBeVisible();
    },
};

/** Opens a page and signs in where it asks for a name. */
export async function open(visit: Visit, name: string, visitor: Visitor = {}): Promise<Page> {
    const page = await visit(pages.find((each) => each.name === name)?.path ?? '/', visitor);
    await signIns[name]?.(page);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await expect(page.locator('main [data-skeleton]')).toHaveCount(0);
    return page;
}

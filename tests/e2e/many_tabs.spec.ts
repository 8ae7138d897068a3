// SPDX-License-Identifier: Apache-2.0
// Many tabs of one browser. Over HTTP/1.1 it opens six connections to a server for all of them together, so a stream for each
// tab would leave none for what people do.
import type { BrowserContext, Page } from '@playwright/test';
import type { Server } from '../harness/server_process.ts';
import { cards } from './harness/cloud.ts';
import { call } from './harness/api_call.ts';
import { expect, test } from './harness/portal.ts';

const tabCount = 12;

// Each tab loads the whole portal.
test.slow();

/** How many there are; those out of sight are not in the document. */
const expectCount = (page: Page, count: number) =>
    expect(cards(page).first()).toHaveAttribute('aria-setsize', String(count));
const connection = (page: Page) => page.getByRole('group', { name: 'Connection' });

async function cloudTabs(context: BrowserContext, howl: Server): Promise<Page[]> {
    const pages: Page[] = [];
    for (let tab = 0; tab < tabCount; ++tab) {
        const page = await context.newPage();
        await page.goto(`${howl.url}/cloud`);
        await expect(connection(page)).toHaveText(/^Live/);
        pages.push(page);
    }
    return pages;
}

async function expectEach(pages: readonly Page[], count: number): Promise<void> {
    for (const page of pages) {
        await expectCount(page, count);
        await expect(connection(page)).toHaveText(/^Live/);
    }
}

const streamsOf = async (howl: Server): Promise<number> => {
    const metrics = await (await fetch(`${howl.url}/metrics`)).text();
    return Number(/^howl_sse_sessions (\d+)/m.exec(metrics)?.[1]);
};

test('twelve tabs have one stream, and every command of each is answered', async ({ howl, browser }) => {
    const context = await browser.newContext();
    const pages = await cloudTabs(context, howl);
    await expect.poll(() => streamsOf(howl)).toBe(1);
    for (const [at, page] of pages.entries()) {
        await page.getByRole('button', { name: 'Create new instance' }).click();
        await expectCount(page, at + 1);
    }
    await expectEach(pages, tabCount);
    // The first tab goes; what happens meanwhile and later reaches all others.
    const [first, ...others] = pages;
    await call(howl, 'POST', '/api/cloud/instances', {});
    await first?.close();
    await call(howl, 'POST', '/api/cloud/instances', {});
    await expectEach(others, tabCount + 2);
    await context.close();
});

test('without SharedWorker one tab is the leader, and when it closes another takes over without a loss', async ({
    howl,
    browser,
}) => {
    const context = await browser.newContext();
    await context.addInitScript('delete window.SharedWorker');
    const pages = await cloudTabs(context, howl);
    await expect.poll(() => streamsOf(howl)).toBe(1);
    for (let round = 0; round < 3; ++round) {
        await call(howl, 'POST', '/api/cloud/instances', {});
        await pages.shift()?.close();
        await call(howl, 'POST', '/api/cloud/instances', {});
        await expectEach(pages, 2 * round + 2);
    }
    await pages[0]?.getByRole('button', { name: 'Create new instance' }).click();
    await expectEach(pages, 7);
    await expect.poll(() => streamsOf(howl)).toBe(1);
    await context.close();
});

test('where tabs cannot share a stream each has its own', async ({ howl, browser }) => {
    const context = await browser.newContext();
    await context.addInitScript('delete window.SharedWorker; delete window.BroadcastChannel');
    const page = await context.newPage();
    await page.goto(`${howl.url}/cloud`);
    await expect(connection(page)).toHaveText(/^Live/);
    await call(howl, 'POST', '/api/cloud/instances', {});
    await expectEach([page], 1);
    await context.close();
});

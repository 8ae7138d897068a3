// SPDX-License-Identifier: Apache-2.0
import type { Locator, Page } from '@playwright/test';
import { expect, test } from './harness/portal.ts';

test.use({ config: '[wisdom]\ntick = "300ms"\n' });

const phase = (page: Page): Locator => page.locator('[data-phase]');

const quotes = (page: Page): Locator =>
    page.getByRole('list', { name: 'Quotes' }).getByRole('listitem');

/** How many there are in the list; those out of sight are not in the document. */
const quoteCount = async (page: Page): Promise<number> => {
    const items = await quotes(page).all();
    return items[0] === undefined ? 0 : Number(await items[0].getAttribute('aria-setsize'));
};

async function subscribe(page: Page): Promise<void> {
    await page.getByRole('button', { name: 'Subscribe', exact: true }).click();
    await expect(phase(page)).toHaveText('Subscribed');
}

test('a subscriber gets quotes', { tag: '@smoke' }, async ({ visit }) => {
    const page = await visit('/wisdom');
    await expect(phase(page)).toHaveText('Registered');
    await subscribe(page);
    await expect.poll(() => quoteCount(page)).toBeGreaterThan(2);
    await expect(page.getByRole('region', { name: 'Latest quote' }).getByRole('blockquote')).toContainText(/\p{L}{3}/u);
});

test('after unsubscribing no quotes come, while others get them', async ({ visit }) => {
    const leaver = await visit('/wisdom');
    await subscribe(leaver);
    await expect(quotes(leaver).first()).toBeVisible();
    const stayer = await visit('/wisdom');
    await subscribe(stayer);
    const moreForStayer = async (count: number) => {
        const before = await quoteCount(stayer);
        await expect.poll(() => quoteCount(stayer)).toBeGreaterThanOrEqual(before + count);
    };
    await leaver.getByRole('button', { name: 'Unsubscribe' }).click();
    const heard = await quoteCount(leaver);
    // One that was on its way is counted, but not shown.
    await moreForStayer(1);
    const late = await leaver.locator('[data-late]').textContent();
    expect(late).toMatch(/^[01] quotes? since you left$/);
    await moreForStayer(3);
    expect(await quoteCount(leaver)).toBe(heard);
    expect(await leaver.locator('[data-late]').textContent()).toBe(late);
});

test('a subscription is renewed after a restart of the server', async ({ howl, visit }) => {
    const page = await visit('/wisdom');
    await subscribe(page);
    await expect(quotes(page).first()).toBeVisible();
    await howl.kill9();
    await expect(phase(page)).toHaveText('Connecting…');
    const before = await quoteCount(page);
    await howl.start();
    await expect(phase(page)).toHaveText('Subscribed', { timeout: 30_000 });
    await expect.poll(() => quoteCount(page)).toBeGreaterThan(before);
});

test('the subscription survives a reload', async ({ visit }) => {
    const page = await visit('/wisdom');
    await subscribe(page);
    await page.reload();
    await expect(phase(page)).toHaveText('Subscribed');
    await page.getByRole('button', { name: 'Unsubscribe' }).click();
    await page.reload();
    await expect(phase(page)).toHaveText('Registered');
});

test('a pause holds quotes back and shows how many', async ({ visit }) => {
    const page = await visit('/wisdom');
    await subscribe(page);
    await expect(quotes(page).first()).toBeVisible();
    await page.getByRole('button', { name: 'Pause' }).click();
    const held = await quoteCount(page);
    await expect(page.getByRole('button', { name: /^([3-9]|\d{2,}) new/ })).toBeVisible();
    expect(await quoteCount(page)).toBe(held);
    await page.getByRole('button', { name: 'Resume' }).click();
    await expect.poll(() => quoteCount(page)).toBeGreaterThan(held + 2);
});

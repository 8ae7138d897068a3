// SPDX-License-Identifier: Apache-2.0
import type { Page } from '@playwright/test';
import { call } from './harness/api_call.ts';
import { expect, test } from './harness/portal.ts';

const many = Array.from({ length: 200 }, (_, n) => `event ${n}`);

async function taken(page: Page): Promise<number> {
    const words = await page.getByText(/ events taken/).textContent();
    return Number(/([\d,]+) events taken/.exec(words ?? '')?.[1]?.replaceAll(',', ''));
}

test('the figures of the server are updated live', { tag: '@smoke' }, async ({ howl, visit }) => {
    const page = await visit('/');
    const before = await taken(page);
    // Many more than the server's own ticks make meanwhile.
    await Promise.all(many.map((text) => call(howl, 'POST', '/api/topics/journey/events', text)));
    await expect.poll(() => taken(page)).toBeGreaterThanOrEqual(before + many.length);
});

test('the figures stand still while they are paused', async ({ howl, visit }) => {
    const page = await visit('/');
    const other = await visit('/');
    await page.getByRole('button', { name: 'Pause the figures' }).click();
    const before = await taken(page);
    await Promise.all(many.map((text) => call(howl, 'POST', '/api/topics/journey/events', text)));
    await expect.poll(() => taken(other)).toBeGreaterThanOrEqual(before + many.length);
    expect(await taken(page)).toBe(before);
    await page.getByRole('button', { name: 'Resume the figures' }).click();
    await expect.poll(() => taken(page)).toBeGreaterThanOrEqual(before + many.length);
});

test('a command on the page is copied as it is run', async ({ howl, visit }) => {
    const page = await visit('/', { permissions: ['clipboard-read', 'clipboard-write'] });
    const card = page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: 'Cloud' }) });
    await card.getByRole('button', { name: 'Copy the command' }).click();
    const command = await page.evaluate(() => navigator.clipboard.readText());
    expect(command).toBe(`curl -X POST ${howl.url}/api/cloud/instances`);
});

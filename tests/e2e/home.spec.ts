// SPDX-License-Identifier: Apache-2.0
import { call } from './harness/outside.ts';
import { expect, test } from './harness/portal.ts';

test('the figures of the server move while one looks', { tag: '@smoke' }, async ({ howl, visit }) => {
    const page = await visit('/');
    const figures = page.getByRole('region', { name: 'The server now' });
    const taken = async () => {
        const words = await figures.getByText(/ events taken/).textContent();
        return Number(/([\d,]+) events taken/.exec(words ?? '')?.[1]?.replaceAll(',', ''));
    };
    const before = await taken();
    // Many more than the server's own ticks make meanwhile.
    const many = Array.from({ length: 200 }, (_, n) => `event ${n}`);
    await Promise.all(many.map((text) => call(howl, 'POST', '/api/topics/journey/events', text)));
    await expect.poll(taken).toBeGreaterThanOrEqual(before + many.length);
});

test('a command on the page is copied as it is run', async ({ howl, visit }) => {
    const page = await visit('/', { permissions: ['clipboard-read', 'clipboard-write'] });
    const card = page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: 'Cloud' }) });
    await card.getByRole('button', { name: 'Copy the command' }).click();
    const command = await page.evaluate(() => navigator.clipboard.readText());
    expect(command).toBe(`curl -X POST ${howl.url}/api/cloud/instances`);
});

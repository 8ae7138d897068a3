// SPDX-License-Identifier: Apache-2.0
// What people are told while the server is away.
import { open } from './harness/furnished.ts';
import { expect, test } from './harness/portal.ts';

test.use({ config: '[wisdom]\ntick = "300ms"\n' });

for (const name of ['home', 'chat', 'cloud', 'wisdom', 'messages'] as const) {
    test(`${name} counts down to the next attempt, and can be hurried`, async ({ howl, visit }) => {
        const page = await open(visit, name);
        const connection = page.getByRole('group', { name: 'Connection' });
        await expect(connection).toHaveText(/^Live/);
        await howl.kill9();
        await expect(page.getByText(/Connection lost\. Retrying in \d+ s/)).toBeVisible({ timeout: 20_000 });
        await expect(connection).toHaveText('Reconnecting…');
        await howl.start();
        await page.getByRole('button', { name: 'Try now' }).click();
        await expect(connection).toHaveText(/^Live/);
        await expect(page.getByRole('button', { name: 'Try now' })).toBeHidden();
    });
}

test('a server that goes down politely is said to restart', async ({ howl, visit }) => {
    const page = await open(visit, 'chat');
    await howl.stop();
    await expect(page.getByText(/The server is restarting\./)).toBeVisible({ timeout: 20_000 });
    await howl.start();
    await expect(page.getByRole('group', { name: 'Connection' })).toHaveText(/^Live/, { timeout: 20_000 });
});

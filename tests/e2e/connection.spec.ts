// SPDX-License-Identifier: Apache-2.0
// What people are told while the server is away.
import { open } from './harness/furnished.ts';
import { expect, test } from './harness/portal.ts';

test.use({ config: '[wisdom]\ntick = "300ms"\n' });

for (const name of ['home', 'chat', 'cloud', 'wisdom', 'messages'] as const) {
    test(`${name} counts down to the next attempt, and comes back`, async ({ howl, visit }) => {
        const page = await open(visit, name);
        const connection = page.getByRole('group', { name: 'Connection' });
        const banner = page.locator('[data-banner]');
        await expect(connection).toHaveText(/^Live/);
        await howl.kill9();
        await expect(banner).toContainText(/Connection lost\. Retrying in \d+ s/);
        await expect(connection).toHaveText('Reconnecting…');
        // Nobody is there yet: it goes on trying.
        await banner.getByRole('button', { name: 'Try now' }).click();
        await expect(connection).toHaveText('Reconnecting…');
        await howl.start();
        await expect(connection).toHaveText(/^Live/, { timeout: 40_000 });
        await expect(banner.getByRole('button', { name: 'Try now' })).toBeHidden();
    });
}

test('a server that goes down politely is said to restart', async ({ howl, visit }) => {
    const page = await open(visit, 'chat');
    const connection = page.getByRole('group', { name: 'Connection' });
    await expect(connection).toHaveText(/^Live/);
    await howl.stop();
    await expect(page.locator('[data-banner]')).toContainText('The server is restarting.');
    await howl.start();
    await expect(connection).toHaveText(/^Live/, { timeout: 40_000 });
});

// SPDX-License-Identifier: Apache-2.0
// What users see while the server is away.
import { open } from './harness/filled_pages.ts';
import { expect, test } from './harness/portal.ts';

test.use({ config: '[wisdom]\ntick = "300ms"\n' });

for (const name of ['home', 'chat', 'cloud', 'wisdom', 'messages'] as const) {
    test(`${name} counts down to the next attempt, and can be hurried`, async ({ howl, visit }) => {
        const page = await open(visit, name);
        const connection = page.getByRole('group', { name: 'Connection' });
        const banner = page.locator('[data-banner]');
        await expect(connection).toHaveText(/^Live/);
        // Each pause is as long as it may be, so that the click comes well before the next attempt.
        await page.evaluate(() => {
            Math.random = () => 0.99;
        });
        await howl.kill9();
        await expect(banner).toContainText('Connection lost. Retrying in');
        await expect(connection).toHaveText('Reconnecting…');
        await expect(banner).toContainText(/Retrying in 1\d s/, { timeout: 40_000 });
        await howl.start();
        await banner.getByRole('button', { name: 'Try now' }).click();
        await expect(connection).toHaveText(/^Live/, { timeout: 8_000 });
        await expect(banner.getByRole('button', { name: 'Try now' })).toBeHidden();
    });
}

test('a server that drains is shown as restarting', async ({ howl, visit }) => {
    const page = await open(visit, 'chat');
    const connection = page.getByRole('group', { name: 'Connection' });
    await expect(connection).toHaveText(/^Live/);
    await howl.stop();
    await expect(page.locator('[data-banner]')).toContainText('The server is restarting.');
    await howl.start();
    await expect(connection).toHaveText(/^Live/, { timeout: 40_000 });
});

// A frozen process keeps its connections: nothing breaks, and nothing is answered.
test('a server that does not answer is shown so, whatever the state of the stream', async ({ howl, visit }) => {
    const page = await open(visit, 'cloud');
    const connection = page.getByRole('group', { name: 'Connection' });
    await expect(connection).toHaveText(/^Live/);
    howl.signal('SIGSTOP');
    await page.getByRole('button', { name: 'Create new instance' }).click();
    await expect(connection).toHaveText(/^No answer for ([89]|\d\d) s$/);
    howl.signal('SIGCONT');
    await expect(connection).toHaveText(/^Live/, { timeout: 40_000 });
});

test('on the wisdom page a frozen server is shown as not answering, and its heartbeat turns red', async ({ howl, visit }) => {
    const page = await visit('/wisdom');
    const connection = page.getByRole('group', { name: 'Connection' });
    const heartbeat = page.getByRole('group', { name: 'Heartbeat' });
    await expect(heartbeat).toHaveAttribute('data-pulse', 'well');
    howl.signal('SIGSTOP');
    await expect(connection).toHaveText(/^No answer for ([89]|\d\d) s$/);
    await expect(heartbeat).toHaveAttribute('data-pulse', 'lost');
    await expect(heartbeat).toContainText(/No data for 1\d s/);
    howl.signal('SIGCONT');
    await expect(connection).toHaveText(/^Live/, { timeout: 40_000 });
    await expect(heartbeat).toHaveAttribute('data-pulse', 'well');
});

// SPDX-License-Identifier: Apache-2.0
// What is left of the portal where its scripts do not run.
import type { Page } from '@playwright/test';
import { expect, test } from './harness/portal.ts';

const english = (page: Page) => page.getByText('The pages did not start');
const russian = (page: Page) => page.getByText('Страницы не запустились');
const commands = (page: Page) => page.getByText('curl -N http://127.0.0.1:8080/api/topics/news/events');

for (const path of ['/', '/chat']) {
    test(`without JavaScript ${path} says so, and what works without`, async ({ visit }) => {
        const page = await visit(path, { javaScriptEnabled: false });
        await expect(english(page)).toBeVisible();
        await expect(russian(page)).toBeVisible();
        await expect(commands(page)).toBeVisible();
    });
}

for (const [what, answer] of [
    ['does not come', { status: 404, body: '' }],
    ['breaks at once', { contentType: 'text/javascript', body: 'throw new Error("broken")' }],
    ['is in a language of tomorrow', { contentType: 'text/javascript', body: 'let = =' }],
] as const) {
    test(`when the first script ${what} the page says so in the reader's language`, async ({
        browser,
        howl,
    }) => {
        // Not through `visit`, whose watch would hold the broken script against the page.
        const page = await browser.newPage({ baseURL: howl.url, locale: 'ru-RU' });
        await page.route('**/assets/shell-*.js', (route) => route.fulfill(answer));
        await page.goto('/chat');
        await expect(russian(page)).toBeVisible({ timeout: 5000 });
        await expect(english(page)).toBeHidden();
        await expect(commands(page)).toBeVisible();
        await page.close();
    });
}

test('a page that is merely slow is not called broken', async ({ visit }) => {
    const page = await visit('/');
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await expect(english(page)).toHaveCount(0);
});

// SPDX-License-Identifier: Apache-2.0
// What is taken away from the pages: by the clipboard, and on paper.
import type { Page } from '@playwright/test';
import { sendFromOutside } from './harness/chat.ts';
import { open } from './harness/filled_pages.ts';
import { call } from './harness/api_call.ts';
import { expect, test } from './harness/portal.ts';

const iso = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/;

/** What is on the clipboard after the person's own keys for "all" and "copy". */
async function copied(page: Page): Promise<string> {
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.keyboard.press('ControlOrMeta+c');
    return page.evaluate(() => navigator.clipboard.readText());
}

test('what is copied has its times in ISO 8601', async ({ howl, visit }) => {
    await call(howl, 'POST', '/v3/message?username=anna', 'the first');
    await call(howl, 'POST', '/v3/message?username=anna', 'the second');
    const page = await open(visit, 'messages');
    const rows = page.getByRole('article');
    await expect(rows).toHaveCount(2);
    const shown = await rows.first().locator('time').textContent();
    await page.evaluate(() => getSelection()?.selectAllChildren(document.querySelector('main article')!));
    const text = await copied(page);
    expect(text).toMatch(iso);
    expect(text).not.toContain(shown);
    expect(text).toContain('the second');
    // The page shows what it showed, and the selection is what it was.
    await expect(rows.first().locator('time')).not.toHaveText(iso);
    expect(await page.evaluate(() => getSelection()?.toString())).toContain('the second');
});

test('a part of a time is copied as the whole in ISO 8601; a text without times as it is', async ({ howl, visit }) => {
    await call(howl, 'POST', '/v3/message?username=anna', 'only text');
    const page = await open(visit, 'messages');
    const row = page.getByRole('article');
    // A time that is drawn anew meanwhile loses the selection, and then nothing is copied.
    const copiedTime = async () => {
        await row.locator('time').dblclick();
        return copied(page);
    };
    await expect.poll(copiedTime).toMatch(new RegExp(`^\\s*${iso.source}\\s*$`));
    await row.getByText('only text').click({ clickCount: 3 });
    expect((await copied(page)).trim()).toBe('only text');
});

test('what is copied keeps its links, with the times in ISO 8601', async ({ howl, visit }) => {
    await sendFromOutside(howl, 'Petr', ['see https://example.com/copied']);
    const page = await open(visit, 'chat');
    const article = page.getByRole('article');
    await expect(article).toBeVisible();
    const shown = await article.locator('time').first().textContent();
    await page.evaluate(() => getSelection()?.selectAllChildren(document.querySelector('main article')!));
    expect(await copied(page)).toMatch(iso);
    const html = await page.evaluate(async () => {
        const [item] = await navigator.clipboard.read();
        return (await item!.getType('text/html')).text();
    });
    expect(html).toContain('href="https://example.com/copied"');
    expect(html).toMatch(iso);
    expect(html).not.toContain(`>${shown}<`);
    await expect(article.locator('time').first()).toHaveText(shown ?? '');
});

/** Text on paper, and how many pages. */
async function printed(page: Page): Promise<{ pages: number; shown: (text: string) => Promise<boolean> }> {
    const paper = await page.pdf({ format: 'A4' });
    const pages = paper.toString('latin1').match(/\/Type\s*\/Page\b(?!s)/g)?.length ?? 0;
    await page.evaluate(() => window.dispatchEvent(new Event('beforeprint')));
    await page.emulateMedia({ media: 'print' });
    const shown = async (text: string) => {
        const found = page.getByText(text, { exact: true }).first();
        const { width = 0, height = 0 } = (await found.boundingBox()) ?? {};
        return width > 0 && height > 0;
    };
    return { pages, shown };
}

test('a page works on after a print preview without printing', async ({ howl, visit }) => {
    await sendFromOutside(howl, 'Petr', Array.from({ length: 45 }, (_, n) => `line number ${n}${' and on'.repeat(n)}`));
    const page = await open(visit, 'chat');
    await expect(page.getByRole('article').last()).toBeVisible();
    await page.emulateMedia({ media: 'print' });
    await page.setViewportSize({ width: 800, height: 1100 });
    await page.emulateMedia({ media: null });
    await expect(page.getByText(/^line number 44/)).toBeVisible();
});

test('all messages of the chat are printed, not the first screen of them', async ({ howl, visit }) => {
    const texts = Array.from({ length: 45 }, (_, n) => `line number ${n}${' and on'.repeat(n)}`);
    await sendFromOutside(howl, 'Petr', texts);
    const page = await open(visit, 'chat', { theme: 'dark' });
    await expect(page.getByRole('article').last()).toBeVisible();
    const { pages, shown } = await printed(page);
    expect(pages).toBeGreaterThan(1);
    for (const text of texts) {
        expect(await shown(text), text).toBe(true);
    }
    await expect(page.getByRole('navigation')).toHaveCount(0);
    expect(await page.evaluate(() => getComputedStyle(document.documentElement).colorScheme)).toBe('light');
});

for (const [name, make] of [
    ['cloud', (n: number) => ['POST', '/api/cloud/instances', { name: `thing ${n}` }]],
    ['messages', (n: number) => ['POST', '/v3/message?username=anna', `thing ${n}`]],
] as const) {
    test(`the whole list of ${name} is printed`, async ({ howl, visit }) => {
        for (let n = 0; n < 40; ++n) {
            const [method, path, body] = make(n) as [string, string, unknown];
            await call(howl, method, path, body);
        }
        const page = await open(visit, name);
        await expect(page.getByText(/^thing \d+$/).first()).toBeVisible();
        const { pages, shown } = await printed(page);
        expect(pages).toBeGreaterThan(1);
        for (let n = 0; n < 40; ++n) {
            expect(await shown(`thing ${n}`), `thing ${n}`).toBe(true);
        }
    });
}

// SPDX-License-Identifier: Apache-2.0
// The shell around every page: navigation, language, theme, shortcuts.

import type { Route } from '@playwright/test';
import { pages } from './harness/pages.ts';
import { expect, type Locale, test } from './harness/portal.ts';

for (const { name, path, link } of pages) {
    test(`${name} opens at its own address`, { tag: '@smoke' }, async ({ visit }) => {
        const page = await visit(path);
        await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
        await expect(page).toHaveTitle(/ · Howl$/);
        const navigation = page.getByRole('navigation', { name: 'Pages', includeHidden: true });
        await expect(
            navigation.getByRole('link', { name: link.en, includeHidden: true }).first(),
        ).toHaveAttribute('aria-current', 'page');
    });

    test(`${name} speaks Russian to those who do`, async ({ visit }) => {
        const page = await visit(path, { language: 'ru' });
        await expect(page.locator('html')).toHaveAttribute('lang', 'ru');
        await expect(page.getByRole('heading', { level: 1 })).toHaveText(/[а-яё]/i);
    });
}

/** By page and language: what `index.html` names. */
function needsIn(html: string): Record<string, Record<Locale, string[]>> {
    return JSON.parse(/const page = (\{.*\})\[/.exec(html)?.[1] ?? '{}');
}

for (const { name, path } of pages) {
    test(`all that ${name} needs is named in index.html, and fetched once`, async ({ visit }) => {
        const page = await visit(path, { language: 'ru' });
        await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
        const html = await (await page.request.get(path)).text();
        const named = needsIn(html)[name]?.ru ?? [];
        const fetched = await page.evaluate(() =>
            performance.getEntriesByType('resource').map((each) => new URL(each.name).pathname.slice(1)),
        );
        expect(named.length).toBeGreaterThan(3);
        expect(fetched.filter((each) => named.includes(each)).sort()).toEqual([...named].sort());
        // The inbox's counter and the shell's dialogs are loaded after the first page.
        const later = /watch|dialogModules|selectedText|others|checks/;
        const scripts = fetched.filter((each) => each.endsWith('.js') && !later.test(each));
        expect(scripts.filter((each) => !named.includes(each) && !html.includes(`src="/${each}"`))).toEqual([]);
    });
}

test('a page whose texts fail to load shows an error, inside the shell', async ({ howl, visit }) => {
    const html = await (await fetch(`${howl.url}/cloud`)).text();
    const { chat, cloud } = needsIn(html);
    const texts = cloud?.en.filter((path) => !chat?.en.includes(path) && /en-/.test(path)) ?? [];
    expect(texts).toHaveLength(1);
    const page = await visit('about:blank');
    await page.route(`**/${texts[0]}*`, (route) => route.abort());
    await page.goto('/cloud');
    await expect(page.getByText('This page could not be shown. What you wrote is kept.')).toBeVisible();
    await expect(page.getByRole('navigation', { name: 'Pages' }).first()).toBeVisible();
});

test('texts of a page that fail to load once are fetched again', async ({ howl, visit }) => {
    const html = await (await fetch(`${howl.url}/cloud`)).text();
    const texts = needsIn(html).cloud?.en.find((path) => /en-/.test(path) && !needsIn(html).chat?.en.includes(path));
    const page = await visit('about:blank');
    await page.route(`**/${texts}`, (route) => route.abort());
    await page.goto('/cloud');
    await expect(page.getByRole('heading', { level: 1, name: 'Cloud' })).toBeVisible();
});

test('a dialog that fails to load breaks nothing else, and opens when it can be loaded', async ({ visit }) => {
    const page = await visit('about:blank');
    await page.route('**/assets/dialogModules-*.js*', (route) => route.abort());
    await page.goto('/');
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await page.getByRole('button', { name: 'Settings' }).click();
    await expect(page.getByRole('region', { name: 'Notices' }).getByText('This could not be loaded.')).toBeVisible();
    await page.unroute('**/assets/dialogModules-*.js*');
    await page.getByRole('button', { name: 'Settings' }).click();
    await expect(page.getByRole('dialog', { name: 'Settings' })).toBeVisible();
});

test('a dialog that is requested while its loading fails is loaded again', async ({ visit }) => {
    const page = await visit('about:blank');
    let first: Route | undefined;
    await page.route('**/assets/dialogModules-*.js*', (route) => {
        if (first !== undefined) {
            return route.continue();
        }
        first = route;
    });
    const requested = page.waitForRequest('**/assets/dialogModules-*.js*');
    await page.goto('/');
    await requested;
    await page.getByRole('button', { name: 'Settings' }).click();
    await first?.abort();
    await expect(page.getByRole('dialog', { name: 'Settings' })).toBeVisible();
});

test('the language changes without a reload, and is remembered', async ({ visit }) => {
    const page = await visit('/');
    await page.evaluate(() => Object.assign(window, { untouched: true }));
    await page.getByRole('button', { name: 'Русский' }).click();
    await expect(page.getByRole('link', { name: 'Чат' }).first()).toBeVisible();
    await expect(page.locator('html')).toHaveAttribute('lang', 'ru');
    expect(await page.evaluate(() => 'untouched' in window)).toBe(true);
    await page.reload();
    await expect(page.getByRole('button', { name: 'English' })).toBeVisible();
});

test('the theme follows the system until somebody chooses', async ({ visit }) => {
    const page = await visit('/', { theme: 'dark' });
    const ink = () =>
        page.getByRole('heading', { level: 1 }).evaluate((title) => getComputedStyle(title).color);
    const dark = await ink();
    await page.getByRole('button', { name: 'Light theme' }).click();
    await expect.poll(ink).not.toBe(dark);
    await page.reload();
    await expect(page.getByRole('button', { name: 'Dark theme' })).toBeVisible();
    expect(await ink()).not.toBe(dark);
});

test('an address without a page shows that and leads back', async ({ visit }) => {
    const page = await visit('/nowhere');
    await expect(page.getByRole('heading', { name: 'Page not found' })).toBeVisible();
    await page.getByRole('link', { name: 'To the home page' }).click();
    await expect(page).toHaveURL('/');
});

test('pages are reached by keys, also on the Russian layout', async ({ visit }) => {
    const page = await visit('/');
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await page.keyboard.press('KeyG');
    await page.keyboard.press('KeyD');
    await expect(page).toHaveURL('/cloud');
    await page.evaluate(() => {
        for (const [code, key] of [
            ['KeyG', 'п'],
            ['KeyH', 'р'],
        ] as const) {
            document.body.dispatchEvent(new KeyboardEvent('keydown', { code, key, bubbles: true }));
        }
    });
    await expect(page).toHaveURL('/');
});

test('the list of shortcuts opens with ? and returns the focus', async ({ visit }) => {
    const page = await visit('/');
    const link = page.getByRole('link', { name: 'Cloud' }).first();
    await link.focus();
    await page.keyboard.press('?');
    const keys = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
    await expect(keys).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(keys).toBeHidden();
    await expect(link).toBeFocused();
});

test('Ctrl+K leads to a page or a command, also on the Russian layout', async ({ visit }) => {
    const page = await visit('/cloud');
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await page.keyboard.press('Control+k');
    const field = page.getByRole('combobox', { name: 'Find a page or a command' });
    await expect(field).toBeFocused();
    await expect(page.getByRole('option')).toHaveCount(6 + 7 + 4);
    await field.fill('new inst');
    await expect(page.getByRole('option', { selected: true })).toHaveText(/^Create new instance/);
    await field.fill('no such thing');
    await expect(page.getByText('No matches.')).toBeVisible();
    await field.fill('');
    await page.keyboard.press('ArrowUp');
    await expect(page.getByRole('option', { selected: true })).toHaveText(/^Keyboard shortcuts/);
    await page.keyboard.press('Enter');
    await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible();
    await page.keyboard.press('Escape');
    await page.evaluate(() =>
        document.body.dispatchEvent(
            new KeyboardEvent('keydown', { code: 'KeyK', key: 'л', ctrlKey: true, bubbles: true }),
        ),
    );
    await field.fill('mess');
    await page.keyboard.press('Enter');
    await expect(page).toHaveURL('/messages');
});

test('the first Tab offers to skip to the content', async ({ visit }) => {
    const page = await visit('/');
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await page.keyboard.press('Tab');
    const skip = page.getByRole('link', { name: 'Skip to the content' });
    await expect(skip).toBeFocused();
    await expect(skip).toBeInViewport();
    await page.keyboard.press('Enter');
    await expect(page.getByRole('main')).toBeFocused();
});

test('navigation by keyboard focuses the page\'s title', async ({ visit }) => {
    const page = await visit('/');
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await page.getByRole('link', { name: 'Reports' }).first().focus();
    await page.keyboard.press('Enter');
    await expect(page).toHaveURL('/reports');
    await expect(page.getByRole('heading', { level: 1 })).toBeFocused();
});

// SPDX-License-Identifier: Apache-2.0
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { fillPages, open } from './harness/filled_pages.ts';
import { pages } from './harness/pages.ts';
import { expect, type Locale, test, type Theme } from './harness/portal.ts';

/** What fades in is still pale: axe looks at what stands still. */
const still = { reducedMotion: 'reduce' } as const;

test.use({ config: '[wisdom]\ntick = "300ms"\n[cloud]\noperation_time = "300ms"\n' });

/** WCAG 2.2 AA, and what axe calls good practice. */
async function expectAccessible(page: Page): Promise<void> {
    await expect(page.locator('h1')).toBeVisible();
    const { violations } = await new AxeBuilder({ page }).analyze();
    const found = violations.flatMap(({ id, nodes }) =>
        nodes.map(({ target, failureSummary }) => `${id} at ${target.join(' ')}: ${failureSummary}`),
    );
    expect(found).toEqual([]);
}

const looks: readonly { language: Locale; theme: Theme; slow: boolean }[] = [
    { language: 'en', theme: 'light', slow: false },
    { language: 'ru', theme: 'dark', slow: false },
    { language: 'en', theme: 'dark', slow: true },
    { language: 'ru', theme: 'light', slow: true },
];

for (const { language, theme, slow } of looks) {
    for (const { name } of pages) {
        const tag = slow ? '@slow' : [];
        test(`axe finds nothing on ${name} in ${language}, ${theme}`, { tag }, async ({ howl, visit }) => {
            await fillPages(howl, 6);
            await expectAccessible(await open(visit, name, { language, theme, ...still }));
        });
    }
}

for (const name of ['chat', 'reports', 'messages']) {
    test(`axe finds nothing where ${name} asks who one is`, async ({ visit }) => {
        await expectAccessible(await visit(`/${name}`, still));
    });
}

test('axe finds nothing in the dialogs', async ({ howl, visit }) => {
    await fillPages(howl, 1);
    const page = await open(visit, 'cloud', still);
    await page.keyboard.press('?');
    await expect(page.getByRole('dialog')).toBeVisible();
    await expectAccessible(page);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+k');
    await expect(page.getByRole('combobox', { name: 'Find a page or a command' })).toBeFocused();
    await expectAccessible(page);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: /^Delete / }).click();
    await expect(page.getByRole('alertdialog')).toBeVisible();
    await expectAccessible(page);
});

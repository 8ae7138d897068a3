// SPDX-License-Identifier: Apache-2.0
// Pictures of every page for people to look at; what they show is not judged here.
import { fileURLToPath } from 'node:url';
import { fillPages, open } from './harness/filled_pages.ts';
import { pages } from './harness/pages.ts';
import { expect, test } from './harness/portal.ts';

test.use({ config: '[wisdom]\ntick = "300ms"\n[cloud]\noperation_time = "300ms"\n' });

const folder =
    process.env['HOWL_SCREENSHOTS'] ??
    fileURLToPath(new URL('../../build/screenshots', import.meta.url));
const widths = [320, 768, 1280, 1920];
const languages = ['en', 'ru'] as const;
const themes = ['light', 'dark'] as const;
const states = ['empty', 'full', 'offline'] as const;

for (const { name, path } of pages) {
    for (const state of states) {
        for (const language of languages) {
            for (const theme of themes) {
                const title = `pictures of ${name}, ${state}, ${language}, ${theme}`;
                test(title, { tag: '@slow' }, async ({ howl, visit }) => {
                    await fillPages(howl, state === 'empty' ? 0 : 50);
                    const page =
                        state === 'empty'
                            ? await visit(path, { language, theme })
                            : await open(visit, name, { language, theme });
                    await expect(page.locator('h1')).toBeVisible();
                    if (state === 'offline') {
                        await howl.kill9();
                        await expect(page.locator('[data-banner]')).toBeVisible({ timeout: 20_000 });
                    }
                    for (const width of widths) {
                        await page.setViewportSize({ width, height: width < 700 ? 640 : 900 });
                        const file = `${folder}/${name}-${state}-${width}-${theme}-${language}.png`;
                        await page.screenshot({ path: file, animations: 'disabled' });
                    }
                });
            }
        }
    }
}

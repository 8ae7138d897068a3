// SPDX-License-Identifier: Apache-2.0
import { furnish, open } from './harness/furnished.ts';
import { pages } from './harness/pages.ts';
import { expect, test } from './harness/portal.ts';

test.use({ config: '[wisdom]\ntick = "300ms"\n[cloud]\noperation_time = "300ms"\n' });

const phone = { viewport: { width: 320, height: 640 }, hasTouch: true, isMobile: true };

for (const { name } of pages) {
    // Russian runs longer.
    test(`${name} needs no sideways scroll on 320 px`, async ({ howl, visit }) => {
        await furnish(howl, 6);
        const page = await open(visit, name, { ...phone, language: 'ru' });
        const overflow = () =>
            page.evaluate(() => {
                const wide = [document.documentElement, document.querySelector('main')];
                return wide.map((each) => (each?.scrollWidth ?? 0) - (each?.clientWidth ?? 0));
            });
        expect(await overflow()).toEqual([0, 0]);
        expect(await page.evaluate(() => innerWidth)).toBe(320);
    });

    test(`what is touched on ${name} is 24 px or more`, async ({ howl, visit }) => {
        await furnish(howl, 6);
        const page = await open(visit, name, phone);
        const small = await page
            .locator('button:visible, a:visible, input:visible, select:visible, summary:visible')
            .evaluateAll((all) =>
                all
                    .filter((each) => {
                        // Links in a text have its lines' height; what is clipped is only read out.
                        const { display, clipPath } = getComputedStyle(each);
                        // A link that lies over its whole row with its ::after is as large as that.
                        const covers = getComputedStyle(each, '::after').position === 'absolute';
                        return display !== 'inline' && clipPath === 'none' && !covers;
                    })
                    .map((each) => ({ box: each.getBoundingClientRect(), html: each.outerHTML }))
                    .filter(({ box }) => box.width > 1 && (box.width < 24 || box.height < 24))
                    .map(({ box, html }) => `${box.width} x ${box.height}: ${html.slice(0, 200)}`),
            );
        expect(small).toEqual([]);
    });
}

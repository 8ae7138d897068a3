// SPDX-License-Identifier: Apache-2.0
import { fillPages, open } from './harness/filled_pages.ts';
import { pages } from './harness/pages.ts';
import { expect, test } from './harness/portal.ts';

test.use({ config: '[wisdom]\ntick = "300ms"\n[cloud]\noperation_time = "300ms"\n' });

const phone = { viewport: { width: 320, height: 640 }, hasTouch: true, isMobile: true };

/** Texts that do not fit where they stand, but for names and ids, and what a closed list of choices can't show. */
function cutWords(): string[] {
    const all = [...document.querySelectorAll<HTMLElement>('body *')];
    const texts = all.filter(
        (each) =>
            getComputedStyle(each).textOverflow === 'ellipsis' &&
            each.scrollWidth > each.clientWidth &&
            each.closest('bdi, .font-mono') === null &&
            each.querySelector('bdi') === null,
    );
    const brush = document.createElement('canvas').getContext('2d')!;
    const choices = all.filter((each) => {
        const { font, paddingLeft, paddingRight } = getComputedStyle(each);
        brush.font = font;
        const shown = each instanceof HTMLSelectElement ? each.selectedOptions[0]?.text : undefined;
        // The arrow is 20 px wide at most.
        const room = each.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight) - 16;
        return shown !== undefined && brush.measureText(shown).width > room;
    });
    return [...texts, ...choices].map((each) => `${each.tagName} ${each.innerText.slice(0, 60)}`);
}

for (const { name } of pages) {
    // Russian runs longer.
    test(`${name} needs no sideways scroll on 320 px`, async ({ howl, visit }) => {
        await fillPages(howl, 6);
        const page = await open(visit, name, { ...phone, language: 'ru' });
        const overflow = () =>
            page.evaluate(() => {
                const wide = [document.documentElement, document.querySelector('main')];
                return wide.map((each) => (each?.scrollWidth ?? 0) - (each?.clientWidth ?? 0));
            });
        expect(await overflow()).toEqual([0, 0]);
        expect(await page.evaluate(() => innerWidth)).toBe(320);
    });

    for (const language of ['en', 'ru'] as const) {
        test(`no word of ours is cut on ${name} at 320 px, in ${language}`, async ({ howl, visit }) => {
            await fillPages(howl, 6);
            const page = await open(visit, name, { ...phone, language });
            await expect(page.locator('[data-connection="live"]')).toBeVisible();
            expect(await page.evaluate(cutWords)).toEqual([]);
            await howl.kill9();
            await expect(page.locator('[data-connection="retrying"]')).toBeVisible();
            expect(await page.evaluate(cutWords)).toEqual([]);
        });
    }

    test(`what is touched on ${name} is 40 px or more`, async ({ howl, visit }) => {
        await fillPages(howl, 6);
        const page = await open(visit, name, phone);
        const small = await page
            .locator('button:visible, a:visible, input:visible, select:visible, summary:visible, textarea:visible')
            .evaluateAll((all) =>
                all
                    .filter((each) => {
                        // Links in a text have its lines' height; what is clipped is only read out.
                        const { display, clipPath } = getComputedStyle(each);
                        // A link that lies over its whole row with its ::after is as large as that.
                        const covers = getComputedStyle(each, '::after').position === 'absolute';
                        return display !== 'inline' && clipPath === 'none' && !covers;
                    })
                    // A box is ticked by its label as well.
                    .map((each) => ({
                        box: (each.closest('label') ?? each).getBoundingClientRect(),
                        html: each.outerHTML,
                    }))
                    .filter(({ box }) => box.width > 1 && (box.width < 40 || box.height < 40))
                    .map(({ box, html }) => `${box.width} x ${box.height}: ${html.slice(0, 200)}`),
            );
        expect(small).toEqual([]);
    });
}

test('a long round trip is left out rather than cut', async ({ visit }) => {
    const page = await open(visit, 'chat', { ...phone, language: 'ru' });
    const roundTrip = page.locator('[data-connection="live"] [data-round-trip]');
    await roundTrip.evaluate((each) => {
        each.textContent = ' · 1234567 мс';
    });
    expect(await page.evaluate(cutWords)).toEqual([]);
    await expect(page.getByText('На связи', { exact: true })).toBeVisible();
});

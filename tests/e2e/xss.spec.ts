// SPDX-License-Identifier: Apache-2.0
// Whatever people and programs write is shown as text, wherever it is shown.
import type { Page } from '@playwright/test';
import { enter, messages, others, sendFromOutside } from './harness/chat.ts';
import { cards } from './harness/cloud.ts';
import { open } from './harness/filled_pages.ts';
import { call } from './harness/api_call.ts';
import { expect, test } from './harness/portal.ts';
import { xssPayloads } from './harness/xss_payloads.ts';

test.use({ config: '[cloud]\noperation_time = "100ms"\n[chat]\nmessages_per_second = 1000\nleave_grace = "20s"\n' });

const bytes = (text: string): number => new TextEncoder().encode(text).length;

/** Nothing ran, and nothing became an element. Dialogs and errors are the watch's. */
async function expectHarmless(page: Page): Promise<void> {
    expect(await page.evaluate(() => '__xss' in window)).toBe(false);
    const strangers = 'script, iframe, object, embed, style, base, form[action], marquee, [onerror], [onload]';
    await expect(page.locator('body').locator(strangers)).toHaveCount(0);
    const links = await page
        .locator('main a')
        .evaluateAll((all) => all.map((each) => new URL((each as HTMLAnchorElement).href).protocol));
    for (const protocol of links) {
        expect(['http:', 'https:', 'mailto:']).toContain(protocol);
    }
}

/** From the top of what scrolls to its end, a screen at a time, with `look` at each. */
async function readThrough(page: Page, frame: string, look: () => Promise<void>): Promise<void> {
    const scroller = page.locator(frame);
    await scroller.evaluate((element) => element.scrollTo({ top: 0 }));
    for (let more = true; more; ) {
        await look();
        more = await scroller.evaluate(async (element) => {
            const before = element.scrollTop;
            element.scrollBy({ top: element.clientHeight * 0.8 });
            await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
            return element.scrollTop > before + 1;
        });
    }
}

test('there are a hundred payloads, each another one', () => {
    expect(new Set(xssPayloads).size).toBe(100);
});

test('in the chat they are texts', async ({ howl, visit }) => {
    await sendFromOutside(howl, 'Mallory', [...xssPayloads]);
    const page = await visit('/chat');
    await enter(page, 'Anna');
    await expect(messages(page).last()).toBeVisible();
    const log = page.getByRole('log', { name: 'Messages' });
    await log.hover();
    const beginning = page.getByText('This is the beginning of the chat.');
    for (let turn = 0; turn < 300 && !(await beginning.isVisible()); turn += 1) {
        await page.mouse.wheel(0, -600);
        await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
    }
    await expect(beginning).toBeVisible();
    const seen = new Set<string>();
    await readThrough(page, '[role=log]', async () => {
        await expectHarmless(page);
        for (const text of await log.locator('article').allTextContents()) {
            seen.add(text);
        }
    });
    const squeezed = (text: string) => text.replace(/\s+/g, '');
    const all = squeezed([...seen].join('\n'));
    const missing = xssPayloads.filter((payload) => !all.includes(squeezed(payload)));
    expect(missing, 'payloads whose text is not shown as it is').toEqual([]);
});

/** So few that all of their messages are in the document. */
const namesInView = 6;

test('as names in the chat they are texts, or refused', async ({ howl, visit }) => {
    const reader = await visit('/chat');
    await enter(reader, 'Anna');
    const accepted: string[] = [];
    for (const payload of xssPayloads.filter((text) => bytes(text) <= 40)) {
        await sendFromOutside(howl, payload, ['hello']).then(
            () => accepted.push(payload),
            () => undefined,
        );
        if (accepted.length === namesInView) {
            break;
        }
    }
    expect(accepted.length).toBeGreaterThan(0);
    await expect(messages(reader)).toHaveCount(accepted.length);
    await expectHarmless(reader);
    expect(await others(reader).count()).toBeLessThanOrEqual(accepted.length);
});

test('as names of instances they are texts', async ({ howl, visit }) => {
    const names = xssPayloads.filter((text) => bytes(text) <= 64 && !/[\p{Cc}\u2028\u2029]/u.test(text));
    expect(names.length).toBeGreaterThan(70);
    for (const name of names) {
        await call(howl, 'POST', '/api/cloud/instances', { name });
    }
    const page = await visit('/cloud');
    await expect(cards(page).first()).toBeVisible();
    await readThrough(page, 'div:has(> ul[aria-label="Instances"])', () => expectHarmless(page));
    await page.getByRole('searchbox', { name: 'Find an instance' }).fill('<img');
    await expect(cards(page).first()).toContainText('<img');
    await expectHarmless(page);
    await page.getByRole('searchbox', { name: 'Find in the Worklog' }).fill('<img src=x>');
    await expectHarmless(page);
});

test('in the inbox they are texts', async ({ howl, visit }) => {
    for (const payload of xssPayloads) {
        await call(howl, 'POST', '/v3/message?username=anna', payload);
    }
    const page = await open(visit, 'messages');
    await expect(page.getByRole('article').first()).toBeVisible();
    await readThrough(page, 'main', () => expectHarmless(page));
});

test('as a user, a filter, a path or a fragment they are texts', async ({ visit }) => {
    const page = await visit('/messages');
    await page.getByRole('textbox', { name: 'User name' }).fill('<img src=x onerror=__xss=1>');
    await page.getByRole('button', { name: 'Open the inbox' }).click();
    await expectHarmless(page);
    for (const payload of [`<svg onload=__xss=1>`, `"><img src=x onerror=__xss=1>`, `javascript:__xss=1`]) {
        const text = encodeURIComponent(payload);
        for (const path of [`/cloud?q=${text}&log=${text}`, `/cloud/${text}`, `/reports/${text}`, `/chat#${text}`]) {
            await page.goto(path);
            await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
            await expectHarmless(page);
        }
    }
});

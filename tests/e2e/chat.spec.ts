// SPDX-License-Identifier: Apache-2.0
import type { Locator } from '@playwright/test';
import {
    composer,
    enter,
    expectAllStored,
    member,
    message,
    messages,
    nicknameDialog,
    nicknameField,
    others,
    say,
    sendFromOutside,
    shownTexts,
} from './harness/chat.ts';
import { expect, test } from './harness/portal.ts';
import { arrivals, noteArrivals, notePresses, presses, report } from './harness/stopwatch.ts';

test('two people meet, talk and part', { tag: '@smoke' }, async ({ visit }) => {
    const anna = await visit('/chat');
    await enter(anna, 'Anna');
    const petr = await visit('/chat');
    await enter(petr, 'Petr');
    await expect(others(anna)).toHaveText([/Petr/]);
    await expect(others(petr)).toHaveText([/Anna/]);

    await say(anna, 'Hello from the den 🐺');
    await expect(messages(petr)).toHaveText([/Anna.*Hello from the den 🐺/s]);
    await expect(messages(anna)).toHaveText([/You.*Hello from the den 🐺/s]);
    await expectAllStored(anna);

    await petr.getByRole('button', { name: 'Leave and choose another nickname' }).click();
    await expect(nicknameDialog(petr)).toBeVisible();
    await expect(others(anna)).toHaveCount(0);
});

test('the dialog has the focus, cannot be closed, and leads to the other pages', async ({
    visit,
}) => {
    const page = await visit('/chat');
    await expect(nicknameField(page)).toBeFocused();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await expect(nicknameDialog(page)).toBeVisible();
    await nicknameDialog(page).getByRole('link', { name: 'Cloud' }).click();
    await expect(page).toHaveURL('/cloud');
});

test('a taken name is refused with a suggestion that is one click away', async ({ visit }) => {
    await enter(await visit('/chat'), 'Petr');
    const page = await visit('/chat');
    await nicknameField(page).fill('Petr');
    await nicknameField(page).press('Enter');
    await expect(nicknameField(page)).toHaveAttribute('aria-invalid', 'true');
    await expect(nicknameField(page)).toHaveValue('Petr');
    await page.getByRole('button', { name: 'Join as Petr 2' }).click();
    await expect(nicknameDialog(page)).toBeHidden();
    await expect(others(page)).toHaveText([/Petr/]);
});

test('a second tab joins as the same member, and its own name is not shown as taken', async ({
    visit,
}) => {
    const first = await visit('/chat');
    await enter(first, 'Petr');
    const second = await first.context().newPage();
    await second.goto('/chat');
    await expect(nicknameField(second)).toHaveValue('Petr');
    await expect(nicknameField(second)).toHaveAccessibleDescription(/^That is you, from this browser/);
    await expect(nicknameField(second)).not.toHaveAttribute('aria-invalid');
    await nicknameDialog(second).getByRole('button', { name: 'Continue' }).click();
    await expect(nicknameDialog(second)).toBeHidden();
    await say(second, 'from the second');
    await expect(messages(first)).toHaveText([/You.*from the second/]);
    await first.close();
    await say(second, 'and on without the first');
    await expectAllStored(second);
});

for (const [why, name] of [
    ['a pointer to oneself', 'You'],
    ['the same in Russian', 'Вы'],
    ['one that looks like a present one', 'Аlex'],
] as const) {
    test(`a name that is ${why} is refused while it is typed`, async ({ visit }) => {
        await enter(await visit('/chat'), 'Alex');
        const page = await visit('/chat');
        await nicknameField(page).fill(name);
        await expect(nicknameField(page)).toHaveAttribute('aria-invalid', 'true');
        await expect(nicknameDialog(page)).toBeVisible();
    });
}

for (const touch of [false, true]) {
    test(`with 14 others the filter is as large as ever${touch ? ', on a phone' : ''}`, async ({
        howl,
        visit,
    }) => {
        const sockets = await Promise.all(
            Array.from({ length: 14 }, (_, n) => member(howl, `Person ${n + 1}`)),
        );
        const phone = { viewport: { width: 360, height: 640 }, hasTouch: true, isMobile: true };
        const page = await visit('/chat', touch ? phone : { viewport: { width: 1280, height: 600 } });
        await enter(page, 'Anna');
        if (touch) {
            await page.getByRole('button', { name: 'People: 15' }).click();
        }
        const filter = page.getByRole('searchbox', { name: 'Find a person' });
        await expect(filter).toBeVisible();
        expect((await filter.boundingBox())?.height).toBe(touch ? 44 : 36);
        await filter.fill('person 14');
        await expect(others(page)).toHaveText([/Person 14/]);
        for (const socket of sockets) {
            socket.close();
        }
    });
}

test('a message of one user is on the screen of the other at once', async ({ visit }, info) => {
    test.slow();
    const anna = await visit('/chat');
    await enter(anna, 'Anna');
    const petr = await visit('/chat');
    await enter(petr, 'Petr');
    await expect(others(anna)).toHaveCount(1);
    const texts = Array.from({ length: 20 }, (_, n) => `measured ${n}.`);
    await notePresses(composer(anna));
    await noteArrivals(anna, texts);
    await noteArrivals(petr, texts);
    for (const text of texts) {
        await say(anna, text);
    }
    await expect(messages(petr)).toHaveCount(texts.length);
    await expectAllStored(anna);
    const pressed = await presses(anna);
    for (const [whose, page] of [
        ['mine', anna],
        ['theirs', petr],
    ] as const) {
        const seen = await arrivals(page);
        const times = texts.map((text) => (seen[text] ?? Number.NaN) - (pressed[text] ?? Number.NaN));
        expect(times.every(Number.isFinite)).toBe(true);
        report(info, `chat, Enter to pixel, ${whose}`, times);
    }
});

test('typing is shown until the message is there', async ({ visit }) => {
    const anna = await visit('/chat');
    await enter(anna, 'Anna');
    const petr = await visit('/chat');
    await enter(petr, 'Petr');
    await composer(anna).pressSequentially('I am');
    await expect(petr.getByText('Anna is typing…')).toBeVisible();
    await composer(anna).press('Enter');
    await expect(messages(petr).filter({ hasText: 'I am' })).toBeVisible();
    await expect(petr.getByText('Anna is typing…')).toBeHidden();
});

/** How far a row in view has moved two frames later, in px. */
const jumpOfARow = (log: Locator): Promise<number> =>
    log.evaluate(async (element) => {
        const box = element.getBoundingClientRect();
        const row = [...element.querySelectorAll('article')].find(
            (each) => each.getBoundingClientRect().top > box.top + box.height / 2,
        );
        const before = row?.getBoundingClientRect().top ?? 0;
        await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
        return row?.isConnected === true ? Math.abs(row.getBoundingClientRect().top - before) : 0;
    });

test.describe('with a long history', () => {
    test.use({ config: '[chat]\nmessages_per_second = 1000\n' });

    test('older messages are loaded while scrolling, and the visible row does not move', async ({
        howl,
        visit,
    }) => {
        const told = Array.from({ length: 130 }, (_, n) => `tale ${n + 1}`);
        await sendFromOutside(howl, 'Teller', told);
        const page = await visit('/chat');
        await enter(page, 'Reader');
        await expect(message(page, /tale 130$/)).toBeInViewport();

        const log = page.getByRole('log', { name: 'Messages' });
        await log.hover();
        const jumps: number[] = [];
        const oldest = message(page, /tale 1$/);
        for (let turn = 0; turn < 200 && !(await oldest.isVisible()); turn += 1) {
            await page.mouse.wheel(0, -400);
            jumps.push(await jumpOfARow(log));
        }
        await expect(oldest).toBeVisible();
        await expect(page.getByText('This is the beginning of the chat.')).toBeVisible();
        // A wheel moves rows by at most its own 400; older messages above move none.
        expect(Math.max(...jumps)).toBeLessThanOrEqual(401);
    });

    test('a reader of old messages is not moved, and sees how many are new', async ({
        howl,
        visit,
    }) => {
        await sendFromOutside(
            howl,
            'Teller',
            Array.from({ length: 60 }, (_, n) => `tale ${n + 1}`),
        );
        const page = await visit('/chat');
        await enter(page, 'Reader');
        await expect(message(page, /tale 60$/)).toBeInViewport();
        await page.getByRole('log', { name: 'Messages' }).hover();
        await page.mouse.wheel(0, -900);
        await expect(message(page, /tale 60$/)).not.toBeInViewport();
        await sendFromOutside(howl, 'Teller', ['one more', 'another', 'the last']);
        await page.getByRole('button', { name: '3 new messages' }).click();
        await page.keyboard.press('End');
        await expect(messages(page).filter({ hasText: 'the last' })).toBeInViewport();
        await expect(page.getByRole('button', { name: '3 new messages' })).toBeHidden();
    });
});

test('a reload keeps the name, and nobody sees it leave', async ({ visit }) => {
    const anna = await visit('/chat');
    await enter(anna, 'Anna');
    const petr = await visit('/chat');
    await enter(petr, 'Petr');
    await composer(petr).fill('a draft');
    await petr.reload();
    await expect(others(petr)).toHaveText([/Anna/]);
    await expect(nicknameDialog(petr)).toBeHidden();
    await expect(composer(petr)).toHaveValue('a draft');
    await expect(others(anna)).toHaveText([/Petr/]);
});

test('a restart of the server loses no message, doubles none and leaves none half sent', async ({
    howl,
    visit,
}) => {
    const anna = await visit('/chat');
    await enter(anna, 'Anna');
    const petr = await visit('/chat');
    await enter(petr, 'Petr');
    const texts = ['before one', 'before two', 'while away one', 'while away two', 'after'];
    await say(anna, 'before one');
    await say(petr, 'before two');
    await expect(messages(anna)).toHaveCount(2);
    await howl.kill9();
    await say(anna, 'while away one');
    await say(anna, 'while away two');
    await expect(messages(anna)).toHaveCount(4);
    await howl.start();
    await expect(messages(petr)).toHaveCount(4, { timeout: 30_000 });
    await say(petr, 'after');
    for (const page of [anna, petr]) {
        await expect(messages(page)).toHaveCount(5, { timeout: 30_000 });
        await expectAllStored(page);
        expect((await shownTexts(page)).toSorted()).toEqual(texts.toSorted());
    }
    expect(await shownTexts(anna)).toEqual(await shownTexts(petr));
});

test('a message written offline waits, and is sent when the network is back', async ({
    howl,
    visit,
}) => {
    const anna = await visit('/chat');
    await enter(anna, 'Anna');
    await expect(composer(anna)).toBeEditable();
    // The browser lets an open socket live on; without a server it is gone as well.
    await anna.context().setOffline(true);
    await howl.kill9();
    await expect(anna.getByText('You are offline. What you write is kept.')).toBeVisible();
    await say(anna, 'from the tunnel');
    await expect(anna.getByRole('img', { name: 'Waiting for the connection' })).toBeVisible();
    await howl.start();
    await anna.context().setOffline(false);
    await expect(messages(anna)).toHaveText([/from the tunnel/]);
    await expectAllStored(anna);
    const petr = await visit('/chat');
    await enter(petr, 'Petr');
    await expect(messages(petr)).toHaveText([/Anna.*from the tunnel/s]);
});

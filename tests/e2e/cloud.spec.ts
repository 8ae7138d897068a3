// SPDX-License-Identifier: Apache-2.0
import { card, cards, instances, madeOutside, settled, turn, worklogLines } from './harness/cloud.ts';
import { expect, test } from './harness/portal.ts';

test('an instance lives its life, and the Worklog writes it down', { tag: '@smoke' }, async ({
    visit,
}) => {
    const page = await visit('/cloud');
    await page.getByRole('button', { name: 'Create new instance' }).click();
    await expect(cards(page)).toHaveText([/Stopped/]);
    await page.getByRole('button', { name: /^Start / }).click();
    await expect(cards(page)).toHaveText([/Running/]);
    await page.getByRole('button', { name: /^Stop / }).click();
    await expect(cards(page)).toHaveText([/Stopped/]);
    await page.getByRole('button', { name: /^Delete / }).click();
    const question = page.getByRole('alertdialog');
    await expect(question.getByRole('button', { name: 'Cancel' })).toBeFocused();
    await question.getByRole('button', { name: 'Delete' }).click();
    await expect(cards(page)).toHaveCount(0);
    expect(await worklogLines(page)).toEqual([
        'INFO: Received "Create command"',
        'INFO: Created',
        'INFO: Received "Start command"',
        'INFO: Started',
        'INFO: Received "Stop command"',
        'INFO: Stopped',
        'INFO: Received "Remove command"',
        'INFO: Removed',
    ]);
});

test('keys copy a line of the Worklog, and clear its view', async ({ howl, visit }) => {
    await madeOutside(howl, ['web-1']);
    await settled(howl);
    const page = await visit('/cloud', { permissions: ['clipboard-read', 'clipboard-write'] });
    const log = page.getByRole('log');
    await expect(log.getByRole('listitem')).toHaveCount(2);
    await log.getByRole('listitem').last().focus();
    await page.keyboard.press('c');
    await expect(page.getByText('Copied')).toBeVisible();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(
        /^\d.* via api Server: .* INFO: Created took 0\.3 s$/,
    );
    await page.keyboard.press('x');
    await expect(page.getByText('The lines were cleared away; new ones will come here.')).toBeVisible();
    await expect(page.getByRole('button', { name: 'Show them again' })).toBeFocused();
    await page.getByRole('button', { name: 'Create new instance' }).click();
    await expect.poll(() => worklogLines(page)).toEqual(['INFO: Received "Create command"', 'INFO: Created']);
    await page.getByRole('button', { name: 'Show the cleared lines again' }).click();
    await expect.poll(() => worklogLines(page)).toHaveLength(4);
    await expect(log).toBeFocused();
});

test('what one operator does the other sees', async ({ howl, visit }) => {
    const mine = await visit('/cloud');
    const theirs = await visit('/cloud');
    await mine.getByRole('button', { name: 'Create new instance' }).click();
    await expect(cards(theirs)).toHaveText([/Stopped/]);
    await theirs.getByRole('button', { name: /^Start / }).click();
    await expect(cards(mine)).toHaveText([/Running/]);
    await settled(howl);
    for (const page of [mine, theirs]) {
        await expect.poll(() => worklogLines(page)).toHaveLength(4);
    }
});

test('deleting a running instance says that it will be stopped', async ({ howl, visit }) => {
    const [id = ''] = await madeOutside(howl, ['web-1']);
    await turn(howl, id, 'running');
    const page = await visit('/cloud');
    await expect(cards(page)).toHaveText([/Running/]);
    await page.getByRole('button', { name: /^Delete / }).click();
    await expect(page.getByRole('alertdialog')).toContainText('it will be stopped first');
    await page.keyboard.press('Escape');
    await expect(page.getByRole('alertdialog')).toBeHidden();
    await expect(cards(page)).toHaveCount(1);
});

test.describe('while an operation takes its time', () => {
    test.use({ config: '[cloud]\noperation_time = "8s"\n' });

    test('a new instance is in the list at once, and its buttons say why they cannot be pressed', async ({
        visit,
    }) => {
        const page = await visit('/cloud');
        await page.getByRole('button', { name: 'Create new instance' }).click();
        await expect(cards(page)).toHaveText([/Creating….*\d s left/s]);
        const start = page.getByRole('button', { name: /^Start / });
        await expect(start).toHaveAttribute('aria-disabled', 'true');
        await expect(start).toHaveAccessibleDescription(/It is still being created/);
        await expect(cards(page)).not.toHaveText([/Creating…/]);
        await expect(start).not.toHaveAttribute('aria-disabled');
    });

    test('a restart of the server in the middle ends it once', async ({ howl, visit }) => {
        const page = await visit('/cloud');
        await page.getByRole('button', { name: 'Create new instance' }).click();
        await expect(cards(page)).toHaveText([/Creating…/]);
        await howl.kill9();
        await howl.start();
        await expect(cards(page)).not.toHaveText([/Creating…/], { timeout: 30_000 });
        await expect(cards(page)).toHaveText([/Stopped/]);
        await expect
            .poll(() => worklogLines(page))
            .toEqual(['INFO: Received "Create command"', 'INFO: Created']);
        expect(await instances(howl)).toHaveLength(1);
    });
});

test('what is shown stands in the address, and the way back works', async ({ howl, visit }) => {
    const [first = '', second = ''] = await madeOutside(howl, ['web-1', 'web-2', 'db-1']);
    await turn(howl, second, 'running');
    await settled(howl);
    const page = await visit('/cloud?state=running');
    await expect(cards(page)).toHaveCount(1);
    await expect(card(page, second)).toBeVisible();
    await page.getByRole('button', { name: /^All 3/ }).click();
    await expect(cards(page)).toHaveCount(3);
    await page.goBack();
    await expect(cards(page)).toHaveCount(1);
    await page.goForward();
    await page.getByRole('searchbox', { name: 'Find an instance' }).fill(first.slice(0, 8));
    await expect(cards(page)).toHaveCount(1);
    await expect(page).toHaveURL(new RegExp(`q=${first.slice(0, 8)}`));
    await page.getByRole('searchbox', { name: 'Find an instance' }).fill('db-');
    await expect(cards(page)).toHaveText([/db-1/]);
});

test('an instance has an address of its own', async ({ howl, visit }) => {
    const [, id = ''] = await madeOutside(howl, ['web-1', 'web-2', 'web-3']);
    const page = await visit(`/cloud/${id}`);
    await expect(page.getByRole('heading', { name: `Instance ${id.slice(0, 8)}…` })).toBeVisible();
    await expect(card(page, id)).toHaveAttribute('aria-current', 'true');
    await page.getByRole('button', { name: 'Only this instance' }).click();
    await expect
        .poll(() => worklogLines(page))
        .toEqual(['INFO: Received "Create command"', 'INFO: Created']);
    await page.getByRole('button', { name: 'Close the details' }).click();
    await expect(page).toHaveURL('/cloud');
});

test('what the server refuses is told kindly, with what to hand on', async ({ howl, visit }) => {
    const [id = ''] = await madeOutside(howl, ['web-1']);
    const page = await visit('/cloud');
    await expect(cards(page)).toHaveCount(1);
    // Another operator is faster, and the news of it come after the click.
    await page.route(`**/api/cloud/instances/${id}`, async (route) => {
        await turn(howl, id, 'running');
        await route.continue();
    });
    await page.getByRole('button', { name: /^Start / }).click();
    await expect(page.getByRole('region', { name: 'Notices' })).toContainText(
        `Instance ${id.slice(0, 8)}… could not be started`,
    );
    await expect(cards(page)).toHaveText([/Running/]);
    await expect.poll(() => worklogLines(page)).toContainEqual(expect.stringContaining('ERROR:'));
});

test('many are deleted at once only by who types how many', async ({ howl, visit }) => {
    await madeOutside(howl, ['web-1', 'web-2', 'web-3']);
    const page = await visit('/cloud');
    await expect(cards(page)).toHaveCount(3);
    for (const box of await cards(page).getByRole('checkbox').all()) {
        await box.check();
    }
    await page.getByRole('group', { name: 'Selected instances' }).getByRole('button', { name: /^Delete/ }).click();
    const question = page.getByRole('alertdialog');
    const confirm = question.getByRole('button', { name: 'Delete' });
    await expect(confirm).toHaveAttribute('aria-disabled', 'true');
    await question.getByRole('textbox', { name: 'Type 3 to go on' }).fill('3');
    await confirm.click();
    await expect(cards(page)).toHaveCount(0);
    expect(await instances(howl)).toEqual([]);
});

test('everything is done by keyboard alone', async ({ visit }) => {
    const page = await visit('/cloud');
    await expect(page.getByRole('button', { name: 'Create new instance' })).toBeVisible();
    await page.keyboard.press('n');
    await expect(cards(page)).toHaveText([/Stopped/]);
    for (let tabs = 0; tabs < 60 && !(await cards(page).first().evaluate((row) => row === document.activeElement)); tabs += 1) {
        await page.keyboard.press('Tab');
    }
    await expect(cards(page).first()).toBeFocused();
    await page.keyboard.press('s');
    await expect(cards(page)).toHaveText([/Running/]);
    await page.keyboard.press('Enter');
    await expect(page).toHaveURL(/\/cloud\/[0-9a-f-]{36}/);
    await cards(page).first().focus();
    await page.keyboard.press('Delete');
    await expect(page.getByRole('alertdialog')).toBeVisible();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await expect(cards(page)).toHaveCount(0);
});

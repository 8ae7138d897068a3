// SPDX-License-Identifier: Apache-2.0
import { card, cards, instances, createdByApi, settled, turn, worklogLines } from './harness/cloud.ts';
import { expect, test } from './harness/portal.ts';

test('an instance goes through all states, and the Worklog logs them', { tag: '@smoke' }, async ({
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
    await createdByApi(howl, ['web-1']);
    await settled(howl);
    const page = await visit('/cloud', { permissions: ['clipboard-read', 'clipboard-write'] });
    const log = page.getByRole('log');
    await expect(log.getByRole('listitem')).toHaveCount(2);
    await log.getByRole('listitem').last().focus();
    await page.keyboard.press('c');
    await expect(page.getByText('Copied')).toBeVisible();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(
        /^\d{4}-\d\d-\d\dT[\d:.]+Z via api Server: [0-9a-f-]{36} INFO: Created took 0\.\d s$/,
    );
    await page.keyboard.press('x');
    await expect(page.getByText('The lines were cleared; new ones will appear here.')).toBeVisible();
    await expect(page.getByRole('button', { name: 'Show them again' })).toBeFocused();
    await page.getByRole('button', { name: 'Create new instance' }).click();
    await expect.poll(() => worklogLines(page)).toEqual(['INFO: Received "Create command"', 'INFO: Created']);
    await page.getByRole('button', { name: 'Show the cleared lines again' }).click();
    await expect.poll(() => worklogLines(page)).toHaveLength(4);
    await expect(log).toBeFocused();
});

test('the commands of one operator are shown to the other', async ({ howl, visit }) => {
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

test('deleting a running instance warns that it will be stopped', async ({ howl, visit }) => {
    const [id = ''] = await createdByApi(howl, ['web-1']);
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

    test('a new instance is in the list at once, and its buttons show why they are disabled', async ({
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

test('the state of the page is in the URL, and going back works', async ({ howl, visit }) => {
    const [first = '', second = ''] = await createdByApi(howl, ['web-1', 'web-2', 'db-1']);
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
    const [, id = ''] = await createdByApi(howl, ['web-1', 'web-2', 'web-3']);
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

test('a refusal of the server is explained, with details for support', async ({ howl, visit }) => {
    const [id = ''] = await createdByApi(howl, ['web-1']);
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

test('deleting many at once requires typing their number', async ({ howl, visit }) => {
    await createdByApi(howl, ['web-1', 'web-2', 'web-3']);
    const page = await visit('/cloud');
    await expect(cards(page)).toHaveCount(3);
    for (const box of await cards(page).getByRole('checkbox').all()) {
        await box.check();
    }
    await page.getByRole('group', { name: 'Selected instances' }).getByRole('button', { name: /^Delete/ }).click();
    const question = page.getByRole('alertdialog');
    const confirm = question.getByRole('button', { name: 'Delete' });
    await expect(confirm).toHaveAttribute('aria-disabled', 'true');
    await question.getByRole('textbox', { name: 'Type 3 to continue' }).fill('3');
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
    const dialog = page.getByRole('alertdialog');
    await expect(dialog.getByRole('button', { name: 'Delete' })).toBeEnabled();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await expect(cards(page)).toHaveCount(0);
});

test('an instance gets a name, and the card has all of it in a hint', async ({ howl, visit }) => {
    const page = await visit('/cloud');
    await page.getByRole('button', { name: 'With a name…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Create an instance with a name' });
    const field = dialog.getByRole('textbox', { name: 'Name' });
    await expect(field).toBeFocused();
    await field.fill('ж'.repeat(33));
    await expect(field).toHaveAccessibleDescription('The name is too long.');
    const name = 'the web server of the northern pack, the second one of them';
    await field.fill(name);
    await field.press('Enter');
    await expect(cards(page)).toHaveCount(1);
    const shown = cards(page).getByText(name);
    expect((await shown.boundingBox())?.width).toBeGreaterThan(150);
    await shown.hover();
    await expect(page.getByRole('tooltip')).toHaveText(name);
    expect(await instances(howl)).toMatchObject([{ name }]);
});

test('the palette does not offer what has no target, and says why', async ({ howl, visit }) => {
    const [id = ''] = await createdByApi(howl, ['']);
    const page = await visit('/cloud');
    await expect(cards(page)).toHaveCount(1);
    const option = page.getByRole('option', { name: /^Start or stop the instance/ });
    await page.keyboard.press('Control+k');
    await expect(option).toHaveAttribute('aria-disabled', 'true');
    await expect(option).toContainText('Choose an instance first.');
    await option.click({ force: true });
    await expect(page.getByRole('dialog')).toBeVisible();
    await page.keyboard.press('Escape');
    await card(page, id).focus();
    await page.keyboard.press('Control+k');
    await expect(option).not.toHaveAttribute('aria-disabled');
    await option.click();
    await expect(card(page, id)).toContainText('Running');
});

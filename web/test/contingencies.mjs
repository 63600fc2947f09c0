// contingencies.mjs: stress runs in the browser: ordered, followed, read, planned, on the map; and what planning together gains.
import { readFileSync } from 'node:fs';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const rows = `contingency,name,from_day,to_day,what,which,effect,amount,chance
flood,"Flood <b>at the harbour</b>",1,3,site,harbour,close,,0.2
surge,Everybody wants more,0,,demand,*,scale,2,0.3
`;

/** tiny, with contingencies that have a chance. */
export async function shaken() {
    const folder = await mkdtemp(join(tmpdir(), 'mainstay-shaken-'));
    await cp('../examples/tiny', folder, { recursive: true });
    await writeFile(join(folder, 'contingencies.csv'), rows);
    return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}

const texts = JSON.parse(readFileSync('src/text/en.json', 'utf8'));
const text = (page, where) => page.evaluate((path) => document.querySelector(path)?.innerText || '', where);

async function run(page, comes, mode, shows) {
    await page.selectOption('form select', mode);
    await page.click('form button.primary');
    return comes(page, async () => (await text(page, 'section.result')).includes(shows));
}

/** A plan, and a run that every view can show. */
export async function prepare({ browser, link, open, show, comes, makePlan }) {
    const page = await open(browser, link);
    await makePlan(page);
    await show(page, 'contingencies');
    await run(page, comes, 'named', 'Everybody wants more');
    await page.close();
}

export async function contingencies({ browser, link, open, show, expect, comes }) {
    const page = await open(browser, link);
    await show(page, 'contingencies');
    expect('contingencies by name are ranked', await run(page, comes, 'named', 'Everybody wants more'), await text(page, 'main'));
    expect('... with a bar each', await comes(page, async () => await page.locator('.tornado button').count() === 3));
    expect('... their names as they are', (await text(page, '.tornado')).includes('<b>at the harbour</b>'));
    expect('single failures are ranked', await run(page, comes, 'each', 'failures:'));
    expect('... with the chosen one in the address', await comes(page, async () => { await page.locator('.tornado button').nth(1).click(); return page.url().includes('row='); }));
    const first = await text(page, '.list .row.pick');
    await page.locator('.head-sort').nth(1).click();
    expect('a head sorts', await comes(page, async () => page.url().includes('sort=title') && await text(page, '.list .row.pick') !== '' && await page.locator('[aria-sort=ascending]').count() === 1), first);
    await page.click('section.panel button.primary');
    expect('a failure is planned, and what changes is told', await comes(page, async () => (await text(page, 'section.result')).includes('What the plan does instead: ')), await text(page, 'section.panel'));
    const onMap = page.locator('section.panel button', { hasText: texts['stress.map'] });
    expect('... from where the map can be opened', await comes(page, async () => await onMap.count() === 1), `${await text(page, 'section.panel')} | ${await text(page, '.runs')} | ${page.url()} | ${await text(page, 'section.result')}`);
    await onMap.click();
    expect('the difference is shown on the map', await comes(page, async () => page.url().includes('versus=') && await page.isVisible('.map canvas')), `${page.url()} ${await text(page, 'section.panel')}`);
    expect('... and what has failed is crossed out, by name', await comes(page, async () => (await text(page, 'main')).includes('× ')));
    const layer = page.locator('.legend button[aria-pressed=true]').first();
    await layer.click();
    expect('a layer is hidden, and the address says so', await comes(page, async () => page.url().includes('hide=')), page.url());
    await page.goBack();
    await page.waitForSelector('section.panel');
    await page.locator('section.panel button').last().click();
    expect('a failure opens as a what-if', await comes(page, async () => (await text(page, 'main ul.lines')).includes('close')), await text(page, 'main'));
    await show(page, 'contingencies');
    expect('the worst pairs are found', await run(page, comes, 'pairs', ' + '));
    expect('an ensemble is drawn', await run(page, comes, 'sample', 'CVaR') && await comes(page, () => page.isVisible('svg.chart')));
    await page.locator('details.runs button:not(.link)').first().click();
    expect('a run is forgotten', await comes(page, async () => await page.locator('details.runs li').count() === 4));
    expect('contingencies: no errors', page.faults.length === 0, page.faults.join('; '));
    await page.close();
}

export async function combined({ browser, link, open, expect, comes }) {
    const page = await open(browser, link);
    await page.evaluate(() => { location.hash = 'view=combined&plan=1'; });
    expect('what planning together gains is told by partner', await comes(page, async () => (await text(page, 'main')).includes('more met')));
    expect('... and by priority', await comes(page, async () => await page.locator('main table').first().locator('tbody tr').count() >= 3));
    expect('what crosses is drawn', await comes(page, () => page.isVisible('svg.chart')));
    const [file] = await Promise.all([page.waitForEvent('download'), page.locator('main button', { hasText: 'CSV' }).nth(1).click()]);
    expect('... and given as a file', file.suggestedFilename().endsWith('crossings.csv'), file.suggestedFilename());
    expect('combined: no errors', page.faults.length === 0, page.faults.join('; '));
    await page.close();
}

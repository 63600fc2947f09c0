// run.mjs PROGRAM: the pages in a real browser: every view in both languages and themes, by keyboard, with hostile names.
import { readFileSync } from 'node:fs';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';
import { beginning } from './begin.mjs';
import { combined, contingencies, prepare, shaken } from './contingencies.mjs';
import { drafts } from './draft.mjs';
import { editing } from './edit.mjs';
import { partners } from './partners.mjs';

const program = process.argv[2];
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const views = ['map', 'posture', 'plan', 'shortfalls', 'whatif', 'contingencies', 'combined', 'edit', 'exchange', 'ledger'];
const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync'];
let passed = 0, failed = 0;

function expect(what, holds, found = '') {
    if (holds) passed++;
    else failed++;
    console.log(holds ? `ok    ${what}` : `FAIL  ${what} ${found}`);
}

const running = new Set();

/** Starts the server on a case, or with options; {link, stop}. Whatever goes wrong, it is stopped at the end. */
function serve(...operands) {
    const server = spawn(program, ['serve', ...operands, '--quiet'], { stdio: ['ignore', 'pipe', 'inherit'] });
    running.add(server);
    server.once('exit', () => running.delete(server));
    return new Promise((done, fail) => {
        server.stdout.once('data', (text) => done({ link: String(text).trim(), stop: () => new Promise((gone) => { server.once('exit', gone); server.kill('SIGTERM'); }) }));
        server.once('exit', (code) => fail(new Error(`mainstay serve ended with ${code}`)));
    });
}

/** A page that notes what it should not do. */
async function open(browser, link, settings = {}) {
    const page = await browser.newPage({ viewport: { width: 1280, height: 760 }, colorScheme: settings.theme || 'light' });
    page.faults = [];
    page.on('console', (message) => { if (message.type() === 'error' || message.type() === 'warning') page.faults.push(message.text()); });
    page.on('pageerror', (error) => page.faults.push(error.message));
    page.on('request', (request) => { if (!request.url().startsWith('http://127.0.0.1') && !request.url().startsWith('data:')) page.faults.push(`asks ${request.url()}`); });
    await page.addInitScript((language) => { if (!localStorage.getItem('language')) localStorage.setItem('language', language); }, settings.language || 'en');
    await page.goto(link);
    await page.waitForSelector('header');
    return page;
}

/** Whether condition() comes to hold within a minute: no test here waits for a time. (waitForFunction would need eval,
 * which the pages forbid.) */
async function comes(page, condition) {
    const patience = Date.now() + 60000;
    while (!(await condition())) {
        if (Date.now() > patience) return false;
        await page.waitForTimeout(30);
    }
    return true;
}

const mainHolds = (page, text) => comes(page, async () => (await page.innerText('main')).includes(text));
const addressHolds = (page, text) => comes(page, () => page.url().includes(text));

async function makePlan(page) {
    await page.click('header button.primary');
    if (!(await addressHolds(page, 'plan='))) throw new Error(`no plan came: ${page.url()}`);
}

/** Shows a view, and waits for something in it. */
async function show(page, view) {
    await page.evaluate((name) => document.getElementById(`tab-${name}`).click(), view);
    return comes(page, () => page.evaluate((name) => Boolean(document.querySelector(
        `main [aria-labelledby=tab-${name}] :is(canvas, .row:not(.head), table, .card, form, .welcome)`)), view));
}

async function violations(page) {
    await page.evaluate(axe);
    const found = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
    return found.violations.map((each) => `${each.id}: ${each.nodes.map((node) => node.target.join(' ')).slice(0, 3).join(', ')}`);
}

async function everyView(browser, link) {
    for (const language of ['en', 'ko'])
        for (const theme of ['light', 'dark']) {
            const page = await open(browser, link, { language, theme });
            for (const view of views) {
                const shown = await show(page, view);
                expect(`${view} in ${language}, ${theme}, shows something`, shown, (await page.innerText('main')).slice(0, 80));
                const wrong = await violations(page);
                expect(`${view} in ${language}, ${theme}, is accessible`, wrong.length === 0, wrong.join('; '));
            }
            expect(`${language}, ${theme}: no errors, no outside requests`, page.faults.length === 0, page.faults.join('; '));
            await page.close();
        }
}

async function byKeyboard(browser, link) {
    const page = await open(browser, link);
    for (const [place, view] of views.entries()) {
        const key = String((place + 1) % 10);
        await page.keyboard.press(key);
        expect(`key ${key} shows ${view}`, await comes(page, async () => await page.getAttribute(`#tab-${view}`, 'aria-selected') === 'true'));
    }
    await page.keyboard.press('3');
    await page.waitForSelector('input[type=search]');
    await page.keyboard.press('/');
    await page.keyboard.type('zzz-nothing');
    expect('a search without a match says so', await mainHolds(page, 'nothing to show'));
    await page.keyboard.press('Escape');
    await page.keyboard.press('1');
    await page.focus('canvas[tabindex]');
    await page.keyboard.press('ArrowRight');
    expect('the right key goes to the next day', await addressHolds(page, 'day=1'), page.url());
    await page.keyboard.press('?');
    expect('? tells the keys', await page.isVisible('dialog'));
    await page.keyboard.press('Escape');
    await page.goBack();
    expect('back leads to the view before', await comes(page, async () => !(await page.isVisible('.map'))));
    expect('the address holds no token', !page.url().includes('token'), page.url());
    expect('by keyboard: no errors', page.faults.length === 0, page.faults.join('; '));
    await page.close();
}

/** Looking for a row of the posture, and into it: its items, then its site on the map. */
async function drillDown(browser, link) {
    const page = await open(browser, link);
    await show(page, 'posture');
    const told = () => page.innerText('.told');
    await page.fill('input[type=search]', 'zzz-nothing');
    expect('posture: a search without a match says so', await comes(page, async () => (await told()).includes('nothing to show')));
    await page.fill('input[type=search]', '');
    expect('posture: without it the rows are back', await comes(page, async () => (await told()).includes(' · ')));
    const name = (await told()).split(' · ');
    await page.focus('.heat');
    await page.keyboard.press('Enter');
    expect('posture: Enter opens the items of a class', await addressHolds(page, 'class='), page.url());
    expect('... of that site', await comes(page, async () => { const now = (await told()).split(' · '); return now[0] === name[0] && now[1] !== name[1]; }), await told());
    await page.selectOption('select[aria-label=Order]', 'site');
    expect('posture: the order is in the address', await addressHolds(page, 'sort=site'), page.url());
    await page.focus('.heat');
    await page.keyboard.press('Enter');
    expect('posture: Enter on an item shows its site on the map', await addressHolds(page, `sel=site%3A${name[0]}`), page.url());
    expect('posture: no errors', page.faults.length === 0, page.faults.join('; '));
    await page.close();
}

/** The case is another than the one that was planned and run: the pages say so, and plan it again. */
async function changed(page) {
    const head = () => page.innerText('header');
    expect('a plan of the case before is told', await comes(page, async () => (await head()).includes('before the case was changed')), await head());
    await show(page, 'contingencies');
    expect('... and so is a run', await mainHolds(page, 'Run it again'), await page.innerText('main'));
    await page.locator('header button', { hasText: 'Plan again' }).click();
    expect('planned again, the plan is of the case as it is', await comes(page, async () => !(await head()).includes('before the case was changed') && await page.locator('header button', { hasText: 'Plan again' }).count() === 0), await head());
}

/** Paper is light, whatever the screen is. */
async function onPaper(browser, link) {
    const page = await open(browser, link, { theme: 'dark' });
    await show(page, 'map');
    const theme = () => page.evaluate(() => [document.documentElement.dataset.theme, getComputedStyle(document.body).color]);
    const dark = await theme();
    await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
    expect('on paper the page is light', (await theme())[0] === 'light' && (await theme())[1] !== dark[1], (await theme()).join());
    await page.evaluate(() => dispatchEvent(new Event('afterprint')));
    expect('... and on the screen as before', (await theme()).join() === dark.join(), (await theme()).join());
    expect('the map can be put on paper', (await page.pdf({ format: 'A4', landscape: true })).length > 1000);
    expect('on paper: no errors', page.faults.length === 0, page.faults.join('; '));
    await page.close();
}

/** What binds is doubled in a what-if; a case without coordinates is drawn as a scheme, whose sites can be chosen. */
async function fromShortfall(browser, link) {
    const page = await open(browser, link);
    const lane = await page.evaluate(async () => (await (await fetch('/api/case/map', { headers: { Authorization: `Bearer ${sessionStorage.getItem('token')}` } })).json()).features.find((each) => each.properties.lane).properties.lane);
    await page.route('**/reasons*', async (route) => { // in this small case only an agreement binds
        const answer = await (await route.fetch()).json();
        answer.reasons[0].causes[0] = { ...answer.reasons[0].causes[0], cause: 'lane', limit: lane };
        await route.fulfill({ json: answer });
    });
    await show(page, 'shortfalls');
    await page.waitForSelector('.tile');
    expect('shortfalls: the sum is told', await mainHolds(page, 'Needs that fall short'));
    const cause = page.locator('.cause', { hasText: 'try 2' }).first();
    await cause.locator('button').click();
    expect('what binds is doubled in a what-if', await mainHolds(page, 'scale 2') && page.url().includes('view=whatif'), await page.innerText('main'));
    await show(page, 'map');
    expect('without coordinates the map is a scheme, and says so', await mainHolds(page, 'No site has coordinates'));
    expect('... whose sites can be chosen', await comes(page, async () => { // once they are laid out, and where they are by then
        const box = await page.locator('.map canvas[tabindex]').boundingBox();
        await page.mouse.click(box.x + box.width * 0.5, box.y + box.height * 0.12);
        return page.url().includes('sel=site');
    }), page.url());
    expect('from a shortfall: no errors', page.faults.length === 0, page.faults.join('; '));
    await page.close();
}

/** What would help is proven by planning again, once, and stays with the plan. */
async function proving(browser, link) {
    const page = await open(browser, link);
    await show(page, 'shortfalls');
    const lines = () => page.locator('.proven').count();
    expect('nothing is said to be proven before it is', await lines() === 0);
    await page.locator('main button', { hasText: 'Prove what would help' }).click();
    expect('what would help is proven by planning again', await comes(page, async () => await lines() > 0), await page.innerText('main'));
    expect('... in tonnes and priorities', /planned again: saves [0-9.,]+ t of priority [0-9]/.test((await page.locator('.proven').allInnerTexts()).join(' ').replaceAll('\u00a0', ' ')), (await page.locator('.proven').allInnerTexts()).join(' | '));
    expect('... and accessible', (await violations(page)).length === 0);
    await show(page, 'map');
    await show(page, 'shortfalls');
    expect('... and is there when one comes back', await comes(page, async () => await lines() > 0 && await page.locator('main button', { hasText: 'Prove what would help' }).count() === 0));
    expect('proofs: no errors', page.faults.length === 0, page.faults.join('; '));
    await page.close();
}

async function whatIf(browser, link) {
    const page = await open(browser, link);
    await show(page, 'whatif');
    const site = await page.evaluate(() => document.querySelector('#names option').value);
    await page.fill('form input[list]', site);
    await page.click('form button');
    await page.click('section button.primary');
    await page.waitForSelector('.result .tile', { timeout: 60000 });
    expect('a closed site is planned and compared', await mainHolds(page, 'Change in what falls short'));
    await page.fill('main input[maxlength]', 'Our port is gone');
    await page.locator('section button', { hasText: 'Keep as' }).click();
    expect('a what-if is kept as a contingency of the case', await mainHolds(page, 'the case now has the contingency "Our port is gone"'), await page.innerText('main'));
    expect('... which is chosen by name from then on', await comes(page, async () => await page.locator('label:has-text("Our port is gone") input:checked').count() === 1));
    await changed(page);
    await show(page, 'whatif');
    await page.fill('form input[list]', 'no-such-site');
    await page.click('form button');
    await page.click('section button.primary');
    await page.waitForSelector('.problem');
    expect('a slip is told in the reader\'s words', await mainHolds(page, 'no-such-site'));
    expect('what if: no errors but that one', page.faults.every((fault) => fault.includes('422')), page.faults.join('; '));
    await page.close();
}

/** Names that would do harm if they were ever taken for markup. */
async function hostile(browser) {
    const folder = await mkdtemp(join(tmpdir(), 'mainstay-hostile-'));
    const nasty = `<img src=x onerror=window.harmed=1>'&amp;`;
    try {
        await cp('../examples/tiny', folder, { recursive: true });
        const sites = (await readFile(join(folder, 'sites.csv'), 'utf8')).split('\n');
        const name = sites[0].split(',').indexOf('name');
        const rows = sites.slice(1).filter(Boolean).map((line) => { const cells = line.split(','); cells[name] = `"${nasty}"`; return cells.join(','); });
        await writeFile(join(folder, 'sites.csv'), [sites[0], ...rows, ''].join('\n'));
        const server = await serve(folder);
        const page = await open(browser, server.link);
        await makePlan(page);
        for (const view of views) await show(page, view);
        await page.evaluate(() => { location.hash = `${location.hash}&view=map&sel=site:depot`; });
        expect('a hostile name is shown as it is', await mainHolds(page, nasty));
        const harm = await page.evaluate(() => ({ harmed: Boolean(window.harmed), images: document.querySelectorAll('img').length }));
        expect('names are never markup', !harm.harmed && harm.images === 0, JSON.stringify(harm));
        expect('hostile names: no errors', page.faults.length === 0, page.faults.join('; '));
        await page.close();
        await server.stop();
    } finally {
        await rm(folder, { recursive: true, force: true });
    }
}

async function texts() {
    const [en, ko] = await Promise.all(['en', 'ko'].map(async (name) => JSON.parse(await readFile(`src/text/${name}.json`, 'utf8'))));
    const missing = [...Object.keys(en).filter((key) => !(key in ko)), ...Object.keys(ko).filter((key) => !(key in en))];
    expect('English and Korean have the same texts', missing.length === 0, missing.join(', '));
    const blanks = (text) => (text.match(/\{\w+\}/g) || []).sort().join();
    const differ = Object.keys(en).filter((key) => key in ko && blanks(en[key]) !== blanks(ko[key]));
    expect('... with the same blanks', differ.length === 0, differ.join(', '));
}

const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: flags });
try {
    await texts();
    drafts(expect);
    const example = await shaken();
    const server = await serve(example.folder);
    const means = { browser, link: server.link, open, show, expect, comes, makePlan };
    await prepare(means);
    await everyView(browser, server.link);
    await byKeyboard(browser, server.link);
    await combined(means);
    await contingencies(means);
    await drillDown(browser, server.link);
    await onPaper(browser, server.link);
    await fromShortfall(browser, server.link);
    await proving(browser, server.link);
    await whatIf(browser, server.link);
    await server.stop();
    await example.remove();
    const without = await serve('../examples/tiny');
    const stranger = await browser.newPage();
    await stranger.goto(without.link.split('#')[0]);
    await stranger.waitForSelector('[role=alert]');
    expect('without a token the page says what it needs', (await stranger.innerText('main')).includes('link'));
    await stranger.close();
    await without.stop();
    await hostile(browser);
    await partners({ browser, program, serve, open, show, expect, comes, violations });
    await editing({ browser, serve, open, show, expect, comes });
    await beginning({ browser, serve, open, expect, comes, violations });
} catch (error) {
    expect('the tests run to their end', false, error.stack);
} finally {
    for (const server of running) server.kill('SIGTERM');
    await browser.close();
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);

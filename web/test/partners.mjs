// partners.mjs: exchange and ledger in a real browser: two partners' books behind two servers, who trust each other,
// exchange releases and take an order from request to settlement, one in English and one in Korean; names that would do
// harm in every field; two clerks at one order; what a viewer sees.
import { execFileSync } from 'node:child_process';
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { given, tableTexts } from './edit.mjs';
import { keys, pressing } from './press.mjs';

const nasty = `<img src=x onerror=window.harmed=1>'&amp;`;
const tokens = 'name,role,token\nvera,viewer,vvvvvvvvvvvvvvvvvvvv\nadam,administrator,aaaaaaaaaaaaaaaaaaaa\n';

/** The case `tiny` with hostile names of sites, items and partners. */
async function hostileCase(folder) {
    await cp('../examples/tiny', folder, { recursive: true });
    for (const file of ['sites.csv', 'items.csv', 'partners.csv']) {
        await chmod(join(folder, file), 0o644);
        const [head, ...rows] = (await readFile(join(folder, file), 'utf8')).trim().split('\n');
        const name = head.split(',').indexOf('name');
        const made = rows.map((line) => { const cells = line.split(','); cells[name] = `"${nasty}"`; return cells.join(','); });
        await writeFile(join(folder, file), [head, ...made, ''].join('\n'));
    }
}

async function makeBook(program, folder, partner) {
    const run = (...words) => execFileSync(resolve(program), words, { cwd: folder });
    run('book', 'init', `${partner}.book`, '--partner', partner, '-q');
    run('book', 'import', `${partner}.book`, 'case', '-q');
    await writeFile(join(folder, 'releases.csv'), 'to,table,detail\n*,stocks,rounded\n');
    await writeFile(join(folder, 'rules.csv'), 'to,table,detail\n*,*,full\n');
    run('exchange', 'rules', `${partner}.book`, 'rules.csv', '-q');
    await writeFile(join(folder, 'aliases.csv'), 'partner,theirs,ours\n*,*,*\n');
    run('exchange', 'aliases', `${partner}.book`, 'aliases.csv', '-q');
    return join(folder, `${partner}.book`);
}

/** What a click makes the browser save: {name, path}. */
async function saved(page, click) {
    const [file] = await Promise.all([page.waitForEvent('download'), click()]);
    return { name: file.suggestedFilename(), path: await file.path() };
}

const texts = { en: JSON.parse(await readFile('src/text/en.json', 'utf8')), ko: JSON.parse(await readFile('src/text/ko.json', 'utf8')) };

/** One side: its page and the words on it. */
class Side {
    constructor(page, language, tools) { Object.assign(this, { page, words: texts[language], ...tools }); }
    button(key, within = 'main') { return this.page.locator(`${within} button`, { hasText: this.words[key] }).first(); }
    holds(text, within = 'main') { return this.comes(this.page, async () => (await this.page.innerText(within)).includes(text)); }
    /** Shows a view and waits for what it always has. */
    async go(view) {
        await this.page.evaluate((name) => document.getElementById(`tab-${name}`).click(), view);
        await this.page.waitForSelector(view === 'ledger' ? '.list-box' : '.own .fingerprint');
    }
    async save(key, within) { return saved(this.page, () => this.button(key, within).click()); }
}

async function trust(one, other, name) {
    await one.go('exchange');
    await other.go('exchange');
    const key = await other.save('exchange.our.file');
    const fingerprint = await other.page.innerText('.own .fingerprint');
    await one.button('exchange.trust').click();
    await one.page.setInputFiles('.below input[type=file]', { name: key.name, mimeType: 'application/json', buffer: await readFile(key.path) });
    one.expect(`${name}: the page says whose key it is`, await one.holds(key.name.split('.')[0], '.below form'));
    await one.page.fill('.below form input[inputmode=numeric]', '12345 67890');
    await one.page.click('.below form button[type=submit]');
    await one.page.waitForSelector('.below .problem:not([hidden])');
    one.expect(`${name}: another fingerprint is refused`, (await one.page.innerText('.below .problem:not([hidden])')).includes(fingerprint));
    await one.page.fill('.below form input[inputmode=numeric]', fingerprint.replaceAll(' ', '-'));
    await one.page.click('.below form button[type=submit]');
    one.expect(`${name}: the partner has a card`, await one.comes(one.page, () => one.page.isVisible('li.card[data-partner]')));
}

/** The next release of one, dropped at the other. */
async function carry(one, other) {
    await one.go('exchange');
    await one.page.waitForSelector('li.card[data-partner]');
    const release = await one.save('exchange.make', 'li.card');
    await other.go('exchange');
    await other.page.waitForSelector('.drop input');
    await other.page.setInputFiles('.drop input', { name: release.name, mimeType: 'application/octet-stream', buffer: await readFile(release.path) });
    await other.page.waitForSelector('.told-good, .told-bad');
    other.expect(`${release.name} is made here and taken there`, await other.page.isVisible('.told-good'), (await other.page.locator('.told-bad').allInnerTexts()).join());
    return release;
}

/** Releases through a folder that both reach: sent by one, fetched by the other, once; a folder that is not there. */
async function throughFolder(one, other, folder) {
    const press = async (side, key, place) => {
        await side.go('exchange');
        await side.page.waitForSelector('.places input');
        await side.page.fill('.places input', place);
        await side.page.evaluate(() => document.querySelectorAll('.told-good, .told-bad').forEach((element) => element.remove()));
        await side.button(key, '.places').click();
        await side.page.waitForSelector('.told-good, .told-bad');
        return side.page.innerText('.told-good, .told-bad');
    };
    await mkdir(folder);
    const sent = await press(one, 'exchange.send', folder);
    one.expect('a release is sent to a folder', (await readdir(folder)).some((name) => name.endsWith('.release') && sent.includes(name)), sent);
    await press(other, 'exchange.fetch', folder);
    other.expect('... and fetched from there', await other.page.isVisible('.told-good'), await other.page.innerText('main'));
    const again = await press(other, 'exchange.fetch', folder);
    other.expect('... once', again.includes(other.words['exchange.nothing.new']), again);
    const gone = await press(one, 'exchange.send', `${folder}/nowhere`);
    one.expect('a folder that is not there is named', (await one.page.isVisible('.told-bad')) && gone.includes('not there'), gone);
}

async function openOrder(side) {
    await side.go('ledger');
    await side.page.evaluate(() => { location.hash = '#view=ledger&show=all'; });
    await side.page.waitForSelector('.list-box .row.pick');
    await side.page.click('.list-box .row.pick');
    await side.page.waitForSelector('.details .timeline li');
}

/** Takes a step by its button and form; the order then is in that state. */
async function step(side, key, state, values = {}) {
    await openOrder(side);
    await side.button(key, '.actions').click();
    for (const [label, value] of Object.entries(values)) await side.page.locator('.actions label.field', { hasText: side.words[label] }).locator('input').first().fill(value);
    await side.page.locator('.actions form button[type=submit]').click();
    side.expect(`${key} leaves the order ${state}`, await side.holds(side.words[`state.${state}`], '.details .head .tag'), await side.page.innerText('.details .head .tag'));
}

async function request(side) {
    await side.go('ledger');
    await side.button('ledger.request').click();
    await side.page.locator('form.sheet input[inputmode=decimal]').fill('12,5');
    await side.page.locator('form.sheet button[type=submit]').click();
    side.expect('a quantity that is no number is not sent', (await side.page.locator('form.sheet input:invalid').count()) > 0);
    await side.page.locator('form.sheet input[inputmode=decimal]').fill('99');
    await side.page.locator('form.sheet button[type=submit]').click();
    await side.page.waitForSelector('form.sheet .problem:not([hidden])');
    side.expect('beyond the agreement is refused in the words of the command line', (await side.page.innerText('form.sheet .problem')).includes('diesel-loan'));
    await side.page.locator('form.sheet input[inputmode=decimal]').fill('12.5');
    await side.page.locator('form.sheet input[maxlength]').first().fill(nasty);
    await side.page.locator('form.sheet button[type=submit]').click();
    side.expect('a request becomes an order', await side.holds('blue-', '.details .head'));
    side.expect('... whose note is shown as it was written', await side.holds(nasty, '.details .timeline'));
}

/** Two clerks see the same offer; the second one to accept is told. */
async function twoClerks(blue, link, tools) {
    const clerk = new Side(await tools.open(tools.browser, link, { language: 'en' }), 'en', tools);
    await openOrder(blue);
    await openOrder(clerk);
    await blue.button('do.accept', '.actions').click();
    await clerk.button('do.accept', '.actions').click();
    await clerk.page.locator('.actions form button[type=submit]').click();
    await clerk.holds(clerk.words['state.accepted'], '.details .head .tag');
    await blue.page.locator('.actions form button[type=submit]').click();
    blue.expect('who comes second is told, and sees the order as it is', await blue.comes(blue.page, async () => (await blue.page.locator('.details .problem:not([hidden])').count()) > 0 || (await blue.page.innerText('.details .head .tag')) === blue.words['state.accepted']));
    blue.expect('an acceptance is there once', (await blue.page.locator('.timeline li', { hasText: blue.words['step.accept'] }).count()) === 1);
    await clerk.page.close();
}

async function anOrder(blue, green, link, tools) {
    await request(blue);
    await carry(blue, green);
    await step(green, 'do.offer', 'offered', { currency: 'USD' });
    await carry(green, blue);
    await twoClerks(blue, link, tools);
    await carry(blue, green);
    await step(green, 'do.issue', 'issued', { quantity: '10' });
    await carry(green, blue);
    await step(blue, 'do.receive', 'disputed', { quantity: '9' });
    await carry(blue, green);
    await step(green, 'do.dispute', 'part issued');
    await step(green, 'do.cancel', 'received');
    await carry(green, blue);
    await step(blue, 'do.settle', 'received');
    await carry(blue, green);
    await step(green, 'do.receive', 'settled');
    await carry(green, blue);
    await openOrder(blue);
    blue.expect('both sides see it settled', (await blue.page.innerText('.details .head .tag')) === blue.words['state.settled']);
    const statement = await saved(blue.page, () => blue.page.locator('button', { hasText: 'HTML' }).click());
    blue.expect('the statement can be saved', (await readFile(statement.path, 'utf8')).includes('blue') && statement.name.endsWith('.html'));
}

/** Everything that opens below the cards. */
async function looks(side, theme) {
    await side.go('exchange');
    await side.page.waitForSelector('li.card[data-partner]');
    const partner = await side.page.getAttribute('li.card[data-partner]', 'data-partner');
    for (const sel of [`preview:${partner}`, `changes:${partner}`, `refused:${partner}`, 'rules', 'trust', 'log', '']) {
        await side.page.evaluate((wanted) => { location.hash = `#view=exchange&sel=${wanted}`; }, sel);
        side.expect(`exchange, ${sel || 'cards'}, shows something`, await side.comes(side.page, () => side.page.evaluate((wanted) => Boolean(document.querySelector(wanted ? '.below h2, .below form' : 'li.card')), sel)));
        const wrong = await side.violations(side.page);
        side.expect(`exchange, ${sel || 'cards'}, in ${theme} is accessible`, wrong.length === 0, wrong.join('; '));
    }
    await openOrder(side);
    const wrong = await side.violations(side.page);
    side.expect(`an order, in ${theme}, is accessible`, wrong.length === 0, wrong.join('; '));
}

async function viewer(tools, book, file) {
    const server = await tools.serve(book, '--tokens', file);
    const page = await tools.open(tools.browser, `${server.link}#token=vvvvvvvvvvvvvvvvvvvv`);
    const side = new Side(page, 'en', tools);
    await openOrder(side);
    tools.expect('a viewer sees the story, and no button to change it', (await page.locator('.actions').count()) === 0 && (await page.locator('button', { hasText: side.words['ledger.request'] }).count()) === 0);
    await side.go('exchange');
    await page.waitForSelector('li.card');
    tools.expect('... nor to make or take a release', (await page.locator('.drop').count()) === 0 && (await page.locator('li.card button', { hasText: side.words['exchange.make'] }).count()) === 0);
    tools.expect('a viewer: no errors', page.faults.length === 0, page.faults.join('; '));
    await page.close();
    await server.stop();
}

export async function partners(tools) {
    const folder = await mkdtemp(join(tmpdir(), 'mainstay-partners-'));
    try {
        await hostileCase(join(folder, 'case'));
        const books = [await makeBook(tools.program, folder, 'blue'), await makeBook(tools.program, folder, 'green')];
        const servers = await Promise.all(books.map((book) => tools.serve(book)));
        const blue = new Side(await tools.open(tools.browser, servers[0].link, { language: 'en' }), 'en', tools);
        const green = new Side(await tools.open(tools.browser, servers[1].link, { language: 'ko', theme: 'dark' }), 'ko', tools);
        await trust(blue, green, 'blue');
        await trust(green, blue, 'green');
        await anOrder(blue, green, servers[0].link, tools);
        await throughFolder(blue, green, join(folder, 'post'));
        await pressing(blue, servers[0].link);
        await keys(green);
        await given(blue, servers[0].link);
        await tableTexts(tools.expect, servers[0].link, texts.en);
        await looks(blue, 'light');
        await looks(green, 'dark');
        for (const side of [blue, green]) {
            const harm = await side.page.evaluate(() => ({ harmed: Boolean(window.harmed), images: document.querySelectorAll('img').length }));
            tools.expect('hostile names are never markup', !harm.harmed && harm.images === 0, JSON.stringify(harm));
            const faults = side.page.faults.filter((fault) => !/\b(409|422)\b/.test(fault));
            tools.expect('two partners: no errors but those provoked', faults.length === 0, faults.join('; '));
            await side.page.close();
        }
        for (const server of servers) await server.stop();
        await writeFile(join(folder, 'tokens.csv'), tokens);
        await chmod(join(folder, 'tokens.csv'), 0o600);
        await viewer(tools, books[0], join(folder, 'tokens.csv'));
    } finally {
        await rm(folder, { recursive: true, force: true });
    }
}

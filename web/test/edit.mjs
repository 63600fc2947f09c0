// edit.mjs: the tables edited in a real browser: cells, paste, undo, save, slips at their cells, files that are dropped.
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { strToU8, zipSync } from 'fflate';
import { ask } from './press.mjs';

const text = (page, selector) => page.evaluate((which) => document.querySelector(which)?.textContent ?? '', selector);
const cell = (page, row, column) => page.evaluate(([r, c]) => {
    const line = [...document.querySelectorAll('.grid .space .row')].find((each) => each.firstChild.textContent === String(r + 1));
    return line?.children[c + 1]?.textContent ?? '';
}, [row, column]);
const paste = (page, block) => page.evaluate((data) => {
    const given = new DataTransfer();
    given.setData('text/plain', data);
    document.querySelector('.grid').dispatchEvent(new ClipboardEvent('paste', { clipboardData: given, bubbles: true, cancelable: true }));
}, block);
const click = (page, name) => page.evaluate((wanted) => [...document.querySelectorAll('.bar button, dialog button')].find((each) => each.textContent === wanted).click(), name);

/** A workbook of one sheet as spreadsheets write them: shared texts, numbers, an inline text. */
function workbook(name, rows) {
    const shared = [];
    const cellXml = (value, ix, line) => {
        const at = `${String.fromCharCode(65 + ix)}${line + 1}`;
        if (typeof value === 'number') return `<c r="${at}"><v>${value}</v></c>`;
        if (ix === 1) return `<c r="${at}" t="inlineStr"><is><t>${value}</t></is></c>`;
        shared.push(value);
        return `<c r="${at}" t="s"><v>${shared.length - 1}</v></c>`;
    };
    const sheet = rows.map((row, line) => `<row r="${line + 1}">${row.map((value, ix) => cellXml(value, ix, line)).join('')}</row>`).join('');
    const main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"';
    return Buffer.from(zipSync({
        'xl/workbook.xml': strToU8(`<workbook ${main} xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="${name}" sheetId="1" r:id="rId1"/></sheets></workbook>`),
        'xl/_rels/workbook.xml.rels': strToU8('<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Target="worksheets/sheet1.xml"/></Relationships>'),
        'xl/worksheets/sheet1.xml': strToU8(`<worksheet ${main}><sheetData>${sheet}</sheetData></worksheet>`),
        'xl/sharedStrings.xml': strToU8(`<sst ${main}>${shared.map((each) => `<si><t>${each}</t></si>`).join('')}</sst>`),
    }));
}

async function openTable(page, show, comes, table) {
    await show(page, 'edit');
    await page.selectOption('#view select', table);
    return comes(page, async () => (await page.getAttribute('.grid', 'aria-label')) === table && await cell(page, 0, 0) !== '');
}

export async function editing({ browser, serve, open, show, expect, comes }) {
    const folder = await mkdtemp(join(tmpdir(), 'mainstay-edit-'));
    const file = (name) => readFile(join(folder, name), 'utf8');
    try {
        await cp('../examples/tiny', folder, { recursive: true });
        const before = await file('stocks.csv');
        const server = await serve(folder);
        const page = await open(browser, server.link);
        expect('edit: a table is shown', await openTable(page, show, comes, 'stocks.csv'));
        const says = (part) => comes(page, async () => (await page.innerText('#view')).includes(part));
        // a slip is told at its cell, with what would be right, which one click takes
        await page.focus('.grid');
        await page.keyboard.type('depo');
        await page.keyboard.press('Enter');
        expect('edit: a slip is told', await says('there is no site "depo"'), await page.innerText('#view'));
        expect('edit: its cell is marked', await comes(page, () => page.evaluate(() => Boolean(document.querySelector('.grid .error[aria-invalid]')))));
        await click(page, 'Save');
        expect('edit: a slip is not saved', await says('mistakes: 1') && (await file('stocks.csv')) === before);
        await page.click('.problems button:not(.link)');
        expect('edit: the suggestion is taken', await comes(page, async () => await cell(page, 0, 0) === 'depot'));
        expect('edit: nothing is pending then', await comes(page, () => page.evaluate(() => document.querySelector('.bar button.primary').disabled)));
        // whatever is drawn anew while somebody types, no letter is lost
        await page.focus('.grid');
        await page.keyboard.press('PageUp');
        await page.keyboard.press('Home');
        for (const letter of 'harbour') {
            await page.keyboard.type(letter);
            await page.evaluate(() => document.querySelector('.grid').dispatchEvent(new Event('scroll')));
        }
        await page.keyboard.press('Enter');
        expect('edit: no letter is lost', await cell(page, 0, 0) === 'harbour', await cell(page, 0, 0));
        await page.keyboard.press('Control+z');
        // numbers, undo and redo by keyboard
        await page.focus('.grid');
        await page.keyboard.press('Home');
        for (let i = 0; i < 3; i++) await page.keyboard.press('ArrowRight');
        await page.keyboard.press('PageUp');
        await page.keyboard.type('61');
        await page.keyboard.press('Enter');
        expect('edit: a cell is typed', await cell(page, 0, 3) === '61');
        await page.keyboard.press('Control+z');
        expect('edit: undo', await comes(page, async () => await cell(page, 0, 3) === '50'));
        await page.keyboard.press('Control+y');
        expect('edit: redo', await comes(page, async () => await cell(page, 0, 3) === '61'));
        // a block from a spreadsheet: one row is changed, two are new
        await page.focus('.grid');
        await page.keyboard.press('ArrowDown');
        await page.keyboard.press('Home');
        await page.keyboard.press('PageDown');
        await paste(page, 'depot\trations\tblue\t5\r\nharbour\tdiesel\t"green"\t6\r\n');
        expect('edit: a block is pasted behind the last row', await comes(page, async () => await cell(page, 3, 3) === '6'), await text(page, '.grid'));
        expect('edit: it is checked', await says('nothing wrong'));
        await page.keyboard.press('Control+s');
        expect('edit: saved', await says('saved') && await comes(page, async () => (await file('stocks.csv')) === `${before.replace(',50', ',61')}depot,rations,blue,5\nharbour,diesel,green,6\n`), await file('stocks.csv'));
        // what was saved is taken back, and saved
        await page.focus('.grid');
        await page.keyboard.press('Control+z');
        expect('edit: what was saved is taken back', await comes(page, async () => await cell(page, 0, 3) === '50'));
        await page.keyboard.press('Control+s');
        expect('edit: and saved', await comes(page, async () => (await file('stocks.csv')) === before), await file('stocks.csv'));
        // somebody else changes the file: pending changes stay
        await page.focus('.grid');
        await page.keyboard.type('depot');
        await page.keyboard.press('Tab');
        await page.keyboard.type('rations');
        await page.keyboard.press('Enter');
        await writeFile(join(folder, 'stocks.csv'), `${before}depot,rations,blue,9\n`);
        expect('edit: what others write appears', await comes(page, async () => await cell(page, 2, 3) === '9'));
        await click(page, 'Discard');
        await comes(page, () => page.evaluate(() => document.querySelector('.bar button.primary').disabled));
        // files: CSV replaces, XLSX merges
        await page.setInputFiles('input[type=file]', { name: 'stocks.csv', mimeType: 'text/csv', buffer: Buffer.from('item;site;partner;quantity;mine\nrations;depot;blue;3\n') });
        await page.waitForSelector('dialog');
        await click(page, 'Replace');
        expect('edit: a CSV replaces a table', await comes(page, async () => await cell(page, 0, 3) === '3' && await cell(page, 1, 0) === ''), await text(page, '.grid'));
        expect('edit: a strange column is told', await says('mine'));
        await page.setInputFiles('input[type=file]', { name: 'book.xlsx', mimeType: 'application/zip', buffer: workbook('Stocks', [['site', 'item', 'partner', 'quantity'], ['depot', 'rations', 'blue', 4.5], ['harbour', 'rations', 'blue', 0.1]]) });
        await page.waitForSelector('dialog');
        await click(page, 'Merge');
        expect('edit: an XLSX is merged', await comes(page, async () => await cell(page, 0, 3) === '4.5' && await cell(page, 1, 3) === '0.1'), await text(page, '.grid'));
        // a bomb and a broken file are refused
        const bomb = Buffer.from(zipSync({ 'xl/workbook.xml': new Uint8Array(70 << 20) }));
        await page.setInputFiles('input[type=file]', { name: 'bomb.xlsx', mimeType: 'application/zip', buffer: bomb });
        expect('edit: a bomb is refused', await says('bomb.xlsx is too large'));
        await page.setInputFiles('input[type=file]', { name: 'bad.csv', mimeType: 'text/csv', buffer: Buffer.from([0xff, 0x2c]) });
        expect('edit: a file that is no text is refused', await says('bad.csv cannot be read'));
        await page.keyboard.press('Escape');
        await click(page, 'Save');
        expect('edit: what was taken in is saved', await comes(page, async () => (await file('stocks.csv')) === 'site,item,partner,quantity\ndepot,rations,blue,4.5\nharbour,rations,blue,0.1\n'), await file('stocks.csv'));
        expect('edit: the log names who did it', (await file('changes.log')).includes('"who":"you"'));
        expect('edit: no errors but the refusals', page.faults.every((fault) => fault.includes('422')), page.faults.join('; '));
        await page.close();
        await server.stop();
    } finally {
        await rm(folder, { recursive: true, force: true });
    }
}

/** What a table is for is told in the page's language; in English in the words of the format. */
export async function tableTexts(expect, link, texts) {
    const { body } = await ask(link, 'GET', '/api/case/tables');
    const differ = body.filter((format) => texts[`table.${format.table}`] !== format.help).map((format) => format.table);
    expect('edit: tables are told in the words of the format', body.length > 15 && differ.length === 0, differ.join(', '));
}

/** Of a book: what partners gave lies below the own rows, with their names, and cannot be changed. */
export async function given(side, link) {
    const { page, expect, comes } = side;
    const tables = ['sites.csv', 'items.csv', 'stocks.csv', 'demands.csv', 'lanes.csv'];
    const counts = await Promise.all(tables.map(async (table) => (await ask(link, 'GET', `/api/book/rows/${table}?given=1`)).body.total));
    const table = tables.find((_, ix) => counts[ix] > 0);
    expect('a partner has given rows', Boolean(table), counts.join());
    if (!table) return;
    await page.evaluate((name) => { location.hash = `view=edit&sel=table:${name}`; }, table);
    expect('edit: given rows are shown, marked by partner', await comes(page, () => page.evaluate(() => document.querySelector('.grid .row.given [role=rowheader]')?.textContent === 'green')));
    const first = page.locator('.grid .row.given').first();
    await first.locator('[role=gridcell]').first().click();
    await page.keyboard.press('F2');
    await page.keyboard.type('mine');
    await page.keyboard.press('Delete');
    expect('edit: ... and stay what they are', await page.locator('input.cell').count() === 0 && await page.locator('.bar button.primary').isDisabled() && !(await first.innerText()).includes('mine'));
}

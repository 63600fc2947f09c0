// begin.mjs: a server without a case in a real browser: open an example, bring files, in both languages.
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export async function beginning({ browser, serve, open, expect, comes, violations }) {
    const work = await mkdtemp(join(tmpdir(), 'mainstay-begin-'));
    try {
        for (const [language, word] of [['en', 'Open an example'], ['ko', '예제 열기']]) {
            const server = await serve('--work', work);
            const page = await open(browser, server.link, { language });
            const says = (part) => comes(page, async () => (await page.innerText('main')).includes(part));
            expect(`begin in ${language}: says what to do`, await says(word) && await says('mainstay serve'));
            expect(`begin in ${language}: three examples`, await comes(page, async () => await page.locator('.card').count() === 3));
            const wrong = await violations(page);
            expect(`begin in ${language}: is accessible`, wrong.length === 0, wrong.join('; '));
            if (language === 'en') {
                await page.click('.card:has-text("tiny") button');
                expect('begin: an example is opened', await comes(page, async () => (await page.innerText('header')).includes('tiny') && page.isVisible('canvas')));
                expect('begin: in a folder of its own', (await readdir(work)).includes('tiny'));
            } else {
                const file = async (name) => ({ name, mimeType: 'text/csv', buffer: await readFile(`../examples/tiny/${name}`) });
                const drop = (names) => page.evaluate(async (given) => {
                    const data = new DataTransfer();
                    for (const [name, text] of given) data.items.add(new File([text], name));
                    document.querySelector('.drop').dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
                }, names);
                const texts = await Promise.all((await readdir('../examples/tiny')).map(async (name) => [name, String((await file(name)).buffer)]));
                await drop(texts.filter(([name]) => name !== 'case.json'));
                expect('begin: files without a case.json are told', await says('case.json이 없어'));
                await drop(texts.map(([name, text]) => [name, name === 'stocks.csv' ? text.replace('harbour,', 'harbor,') : text]));
                expect('begin: mistakes in files are told', await says('stocks.csv:') && await says('did you mean "harbour"'));
                expect('begin: and nothing is made', (await readdir(work)).length === 1);
                await page.fill('.drop input:not([type=file])', 'mine');
                await drop(texts);
                expect('begin: files are opened together', await comes(page, async () => (await readdir(work)).includes('mine') && page.isVisible('canvas')));
            }
            expect(`begin in ${language}: no errors but those`, page.faults.every((fault) => fault.includes('422')), page.faults.join('; '));
            await page.close();
            await server.stop();
        }
    } finally {
        await rm(work, { recursive: true, force: true });
    }
}

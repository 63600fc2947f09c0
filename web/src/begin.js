// begin.js: where nothing is open yet: what this is, an example to open, or a folder or files to drop.
import { get, post } from './api.js';
import { fill, h } from './dom.js';
import { TooMuch, limits } from './sheet.js';
import { say } from './words.js';

/** The files of a folder that was dropped, one level deep. */
async function filesOf(given) {
    const out = [...given.files];
    const entries = [...given.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
    if (entries.length > 0) out.length = 0; // they have the same files, and those in folders
    for (const entry of entries) {
        if (entry.isFile) out.push(await new Promise((done, fail) => entry.file(done, fail)));
        else {
            const reader = entry.createReader();
            for (let some = [null]; some.length > 0;) {
                some = await new Promise((done, fail) => reader.readEntries(done, fail));
                for (const inside of some) if (inside.isFile) out.push(await new Promise((done, fail) => inside.file(done, fail)));
            }
        }
    }
    return { files: out, name: entries.find((entry) => entry.isDirectory)?.name ?? '' };
}

export function begin(body, desk, opened) {
    const may = desk.about.role !== 'viewer';
    const told = h('div', { role: 'status' });
    const folder = h('input', { type: 'file', webkitdirectory: true, multiple: true, hidden: true, onchange: () => take([...folder.files], folder.files[0]?.webkitRelativePath.split('/')[0]) });
    const name = h('input', { 'aria-label': say('begin.name'), placeholder: say('begin.name'), maxlength: 64 });
    let known = [];

    async function start(what) {
        fill(told, h('p.busy', {}, say('begin.opening')));
        try {
            await post('/api/case/open', what);
            await opened();
        } catch (problem) {
            fill(told, h('p.problem', { role: 'alert' }, problem.message),
                h('ul.lines', {}, problem.findings.slice(0, 50).map((finding) => h('li', {}, `${finding.file}:${finding.line}: ${finding.message}`))));
        }
    }

    async function take(files, folderName) {
        const texts = {};
        const strange = [];
        try {
            for (const file of files) {
                if (!known.includes(file.name)) { strange.push(file.name); continue; }
                if (file.size > limits.fileBytes) throw new TooMuch();
                texts[file.name] = new TextDecoder('utf-8', { fatal: true }).decode(await file.arrayBuffer());
            }
        } catch (error) {
            fill(told, h('p.problem', { role: 'alert' }, say(error instanceof TooMuch ? 'begin.large' : 'begin.bytes')));
            return;
        }
        if (!texts['case.json']) {
            fill(told, h('p.problem', { role: 'alert' }, say('begin.nocase')));
            return;
        }
        const wanted = name.value.trim() || (folderName || 'case').replace(/[^A-Za-z0-9_-]+/g, '-').replace(/^-+/, '') || 'case';
        await start({ name: wanted.slice(0, 64), files: texts });
    }

    const zone = h('div.drop', {
        ondragover: (event) => { event.preventDefault(); zone.classList.add('over'); },
        ondragleave: () => zone.classList.remove('over'),
        ondrop: async (event) => {
            event.preventDefault();
            zone.classList.remove('over');
            const { files, name: folderName } = await filesOf(event.dataTransfer);
            take(files, folderName);
        },
    }, h('h2', {}, say('begin.drop')), h('p', {}, say('begin.drop.help', { folder: desk.about.work })),
    h('div.bar', {}, name, h('button', { onclick: () => folder.click() }, say('begin.choose')), folder));

    const examples = h('ul.cards');
    fill(body, h('div.begin', {}, h('h2', {}, say('begin.what')), h('p', {}, say('begin.text')),
        may ? [h('h2', {}, say('begin.examples')), examples, zone] : h('p.note', {}, say('begin.viewer')), told,
        h('h2', {}, say('begin.path')), h('p', {}, say('begin.path.text')),
        h('pre', {}, 'mainstay serve FOLDER\nmainstay serve BOOK\nmainstay init FOLDER')));
    get('/api/case/tables').then((tables) => { known = tables.map((table) => table.table); });
    get('/api/examples').then((names) => fill(examples, names.map((each) => h('li.card', {}, h('h2', {}, each), h('p', {}, say(`example.${each}`)),
        h('button.primary', { onclick: () => start({ example: each }) }, say('begin.open', { name: each }))))));
    return null;
}

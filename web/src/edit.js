// edit.js: the tables of the case, edited: checked by the server as one types, saved all at once, or discarded.
import { address, fresh, get, post } from './api.js';
import { fill, h, settle } from './dom.js';
import { Draft, DraftTable } from './draft.js';
import { grid } from './grid.js';
import { readFile, tableOf, TooMuch } from './sheet.js';
import { change, state } from './state.js';
import { number, say } from './words.js';

const pageRows = 10000;
const problemsMost = 200;

/** What is being edited, kept while other views are looked at. */
const work = { draft: new Draft(), saved: [], formats: null, findings: [], asked: 0, saving: null }; // saving: a promise while it is being saved

/** True when something would be lost with this page. */
export const isUnsaved = () => work.draft.changes().length > 0;
addEventListener('beforeunload', (event) => { if (isUnsaved()) event.preventDefault(); });

// ---- tables from the server ----

const formatOf = (name) => work.formats.find((format) => format.table === name);

/** Reads a table as the server has it now into a draft. */
async function readTable(name, draft) {
    const format = formatOf(name);
    const path = `/api/case/tables/${name}`;
    const known = format.columns.map((column) => column.name);
    if (!format.present) { draft.put(new DraftTable(name, known, [])); return; }
    const rows = [];
    let total = 1, head = known;
    while (rows.length < total) {
        const answer = await fresh(address(path, { own: 1, offset: rows.length, limit: pageRows }));
        [head] = answer.rows;
        total = answer.total;
        draft.generation = answer.generation;
        rows.push(...answer.rows.slice(1));
        if (answer.rows.length < 2) break;
    }
    const columns = head.map((text) => text.trim());
    if (!draft.table(name)) draft.put(new DraftTable(name, [...columns, ...known.filter((column) => !columns.includes(column))], rows));
}

/** Rows of a table that partners gave to the book, to be read only; `replaces`: it counts instead of an own row with the same key. */
async function givenRows(table, desk) {
    if (desk.about.open !== 'book' || table.name === 'case.json') return [];
    const format = formatOf(table.name), keys = format.columns.filter((column) => column.key).map((column) => column.name);
    const keyOf = (cells) => keys.map((column) => cells[column] ?? '').join('\u001f');
    const ours = new Set(keys.length ? table.rows.map((row) => keyOf(table.toObject(row.cells))) : []);
    const rows = [];
    for (let total = 1; rows.length < total;) {
        const answer = await fresh(address(`/api/book/rows/${table.name}`, { given: 1, offset: rows.length, limit: pageRows }));
        total = answer.total;
        if (answer.rows.length === 0) break;
        rows.push(...answer.rows.map((row) => ({ partner: row.given_by, cells: table.columns.map((column) => row.cells[column] ?? ''), replaces: keys.length > 0 && ours.has(keyOf(row.cells)) })));
    }
    return rows;
}

/** A table of the draft; while it is read, another draft may have taken its place. */
async function tableNamed(name) {
    while (!work.draft.table(name)) await readTable(name, work.draft);
    return work.draft.table(name);
}

/** Ids that a cell may name: those of the case, also a partner's, and those just written. */
async function idsOf(name) {
    const ids = new Set();
    if (formatOf(name).present) for (const row of (await get(address(`/api/case/tables/${name}`, { limit: pageRows }))).rows.slice(1)) ids.add(row[0]);
    for (const row of work.draft.table(name)?.rows ?? []) ids.add(row.cells[0]);
    ids.delete('');
    return [...ids];
}

/** The tables of the case as they are now, with none of what is pending. Nothing has changed before it is whole. */
async function readAnew(names) {
    const draft = new Draft();
    work.formats = await fresh('/api/case/tables');
    for (const name of names) await readTable(name, draft);
    return draft;
}

// ---- the view ----

export function edit(body, desk) {
    const editable = desk.about.writable && desk.about.role !== 'viewer';
    const place = h('div.grow');
    const problems = h('div.problems', { role: 'log', 'aria-label': say('edit.problems') });
    const status = h('span.quiet', { role: 'status' });
    const search = h('span.quiet');
    const choose = h('select', { 'aria-label': say('table'), onchange: () => { change({ sel: `table:${choose.value}` }); show(); } });
    const button = (name, onclick, kind = '') => h(`button${kind}`, { onclick, title: say(`edit.${name}.help`) }, say(`edit.${name}`));
    const buttons = {
        add: button('add', addRow), remove: button('remove', removeRows), undo: button('undo', undo), redo: button('redo', redo),
        save: button('save', save, '.primary'), discard: button('discard', discard),
    };
    const picker = h('input', { type: 'file', multiple: true, accept: '.csv,.xlsx', hidden: true, onchange: () => { takeFiles([...picker.files]); picker.value = ''; } });
    let table = null, view = null, ids = new Map(), given = [], columnsShown = '', ended = false, showing = 0;

    // ---- what the server says of it ----

    const byCell = () => {
        const marks = new Map(), rows = table.live();
        for (const finding of work.findings) {
            const row = finding.file === table.name && finding.row !== undefined ? rows[finding.row] : null;
            if (!row) continue;
            if (!marks.has(row)) marks.set(row, new Map());
            const column = finding.cell ? table.columns.indexOf(finding.cell) : -1;
            const old = marks.get(row).get(column);
            if (!old || finding.severity === 'error') marks.get(row).set(column, { kind: finding.severity, text: finding.message });
        }
        return marks;
    };
    let marks = new Map(), told = null;

    function note(text, kind = 'quiet') {
        status.className = kind;
        status.textContent = text;
    }

    function drawState() {
        const changes = work.draft.changes().length;
        buttons.save.disabled = changes === 0 && !view?.isTyping();
        buttons.discard.disabled = changes === 0;
        buttons.undo.disabled = work.draft.done.length === 0 && work.saved.length === 0;
        buttons.redo.disabled = work.draft.undone.length === 0;
        marks = byCell();
        if (told !== work.findings) fill(problems, work.findings.slice(0, problemsMost).map(problemLine));
        told = work.findings;
        const wrong = new Set(work.findings.filter((finding) => finding.severity === 'error').map((finding) => finding.file));
        for (const option of choose.options) {
            const changed = (work.draft.table(option.value)?.changes().length ?? 0) > 0;
            const text = `${option.value}${wrong.has(option.value) ? ' !' : ''}${changed ? ' *' : ''}`;
            if (option.textContent !== text) option.textContent = text;
        }
        view?.draw();
    }

    function problemLine(finding) {
        const near = /did you mean "([^"]+)"/.exec(finding.message)?.[1];
        const where = finding.row === undefined ? finding.file : `${finding.file}, ${finding.row + 1}${finding.cell ? `, ${finding.cell}` : ''}`;
        return h(`p.${finding.severity}`, {},
            h('button.link', { onclick: () => goTo(finding) }, where), ' ', finding.message, ' ',
            near && finding.cell && editable && h('button', { onclick: () => mend(finding, near) }, say('edit.take', { text: near })));
    }

    async function goTo(finding, then) {
        if (finding.file !== table.name) {
            choose.value = finding.file;
            change({ sel: `table:${finding.file}` });
            await show();
        }
        const row = table.live()[finding.row];
        if (!row) return;
        view.go(table.rows.indexOf(row), Math.max(0, table.columns.indexOf(finding.cell)));
        view.focus();
        then?.(row);
    }

    const mend = (finding, text) => goTo(finding, (row) => {
        const column = table.columns.indexOf(finding.cell);
        changed(work.draft.step([{ table: table.name, row, column, to: text }]));
    });

    /** Has the server check all that is pending; `trial`: and save nothing. */
    async function send(trial) {
        const changes = work.draft.changes();
        const mine = ++work.asked;
        try {
            const answer = await post('/api/case/changes', { generation: work.draft.generation, check: trial, changes });
            if (mine !== work.asked) return null;
            work.findings = changes.length ? answer.findings : [];
            note(changes.length ? say('edit.good', { count: number(changes.length, 0) }) : '');
            return answer;
        } catch (problem) {
            if (mine !== work.asked) return null;
            work.findings = problem.findings || [];
            if (problem.status === 409 && trial) {
                const before = work.draft.generation;
                await rebase();
                if (work.draft.generation !== before) check();
            } else note(problem.status === 422 ? say('edit.bad', { count: number(problem.body.errors, 0) }) : problem.message, 'warn');
            return null;
        } finally {
            if (!ended) drawState();
        }
    }
    const check = settle(() => { if (!ended) send(true); }, 350);

    // ---- changes ----

    let waiting = [];
    /** Resolves when no cell is open. */
    const idle = () => (view?.isTyping() ? new Promise((done) => { waiting.push(done); }) : Promise.resolve());

    function isTyping(on) {
        buttons.save.disabled = !on && !isUnsaved();
        if (on) return;
        for (const done of waiting) done();
        waiting = [];
    }

    function changed(any) {
        if (!any) return;
        drawState();
        check();
    }

    function put(cells) {
        if (work.saving) return;
        const parts = [];
        const fresh_ = new Map();
        for (const { row, column, text } of cells) {
            const old = table.rows[row];
            if (old) parts.push({ table: table.name, row: old, column, to: text });
            else {
                if (!fresh_.has(row)) fresh_.set(row, { at: null, was: [], cells: table.fit([]) });
                fresh_.get(row).cells[column] = text;
            }
        }
        const start = table.rows.length;
        [...fresh_.values()].forEach((add, ix) => parts.push({ table: table.name, add, place: start + ix }));
        changed(work.draft.step(parts));
    }

    async function addRow() {
        await work.saving;
        const row = Math.min(view.selected().bottom + 1, table.rows.length);
        changed(work.draft.step([{ table: table.name, add: { at: null, was: [], cells: table.fit([]) }, place: row }]));
        view.go(row, 0);
        view.focus();
    }

    async function removeRows() {
        await work.saving;
        const { top, bottom } = view.selected();
        changed(work.draft.step(table.rows.slice(top, bottom + 1).map((row) => ({ table: table.name, remove: row }))));
        view.go(top, 0);
        view.focus();
    }

    async function shown(step) {
        const name = step?.[0]?.table;
        if (name && name !== table.name) { choose.value = name; await show(); }
        changed(Boolean(step));
    }

    async function undo() {
        await work.saving;
        if (work.draft.done.length > 0) return shown(work.draft.undo());
        const saved = work.saved.pop();
        if (!saved) return null;
        for (const name of new Set(saved.map((each) => each.table))) await tableNamed(name);
        work.draft.take(saved);
        note(say('edit.untaken'));
        return shown([{ table: saved[0].table }]);
    }

    async function redo() {
        await work.saving;
        return shown(work.draft.redo());
    }

    async function save() {
        view.finish();
        if (work.saving || !isUnsaved()) return;
        note(say('edit.saving'));
        work.saving = saveAll(); // meanwhile nothing is written into cells: it would be neither saved nor pending
        try { await work.saving; } finally {
            work.saving = null;
            drawState();
        }
    }

    async function saveAll() {
        const answer = await send(false);
        if (!answer || !answer.done) return;
        work.saved.push(answer.undo);
        await startAnew();
        note(say('edit.saved'), 'better');
    }

    /** Puts a draft in the place of the one that is shown, in one step: nothing is written into a table that is not in it any more. */
    function swap(draft) {
        work.draft = draft;
        table = draft.table(table.name);
        drawState();
        return show(true);
    }

    /** What is pending is saved, or is not wanted. */
    const startAnew = async () => swap(await readAnew([table.name]));

    /** Somebody else has changed the case: what is pending is made again in what it is now, once nobody is typing. */
    async function rebase() {
        const draft = await readAnew([...work.draft.tables.keys()]);
        await idle();
        for (const name of work.draft.tables.keys()) if (!draft.table(name)) await readTable(name, draft);
        const lost = draft.take(work.draft.changes());
        if (lost.length) note(say('edit.lost', { count: number(lost.length, 0) }), 'warn');
        if (!ended) await swap(draft);
        else work.draft = draft;
    }

    async function discard() {
        work.findings = [];
        await startAnew();
        note('');
    }

    // ---- files that are dropped ----

    async function takeFiles(files) {
        for (const file of files) {
            try {
                for (const { name, rows } of await readFile(file)) if (rows.length > 0) await offer(file.name, name, rows);
            } catch (error) {
                note(say(error instanceof TooMuch ? 'edit.file.large' : 'edit.file.bad', { file: file.name }), 'warn');
            }
        }
    }

    /** Asks what is to become of rows, and does that. */
    function offer(file, name, [head, ...rows]) {
        const found = tableOf(name, head, work.formats.filter((format) => format.table.endsWith('.csv')));
        const into = h('select', { 'aria-label': say('table') }, work.formats.filter((format) => format.table.endsWith('.csv')).map((format) =>
            h('option', { value: format.table, selected: format.table === found }, format.table)));
        const answers = [['merge', ''], ['replace', ''], ['close', '']];
        return new Promise((done) => {
            const dialog = h('dialog', { 'aria-labelledby': 'offer' }, h('h2', { id: 'offer' }, say('edit.offer', { file, name })),
                h('p', {}, say('edit.offer.rows', { count: number(rows.length, 0) }), ' ', into),
                h('p.quiet', {}, say('edit.offer.help')),
                h('div.bar', {}, answers.map(([answer], ix) => h(`button${ix ? '' : '.primary'}`, { onclick: () => dialog.close(answer) },
                    answer === 'close' ? say('close') : say(`edit.${answer}`)))));
            dialog.addEventListener('close', async () => {
                dialog.remove();
                if (dialog.returnValue === 'merge' || dialog.returnValue === 'replace') await takeRows(into.value, head, rows, dialog.returnValue === 'replace');
                done();
            });
            document.body.append(dialog);
            dialog.showModal();
        });
    }

    async function takeRows(name, head, rows, replace) {
        const target = await tableNamed(name);
        const strange = head.filter((text) => text.trim() && !target.columns.includes(text.trim()));
        const any = work.draft.merge(name, head, rows, formatOf(name).columns.filter((column) => column.key).map((column) => column.name), replace);
        choose.value = name;
        change({ sel: `table:${name}` });
        await show();
        changed(any);
        note(strange.length ? say('edit.strange', { columns: strange.join(', ') }) : say('edit.taken', { count: number(rows.length, 0) }), strange.length ? 'warn' : 'quiet');
    }

    // ---- drawing ----

    function columnsOf(format, shownTable) {
        return shownTable.columns.map((name) => {
            const column = format.columns.find((each) => each.name === name) || { name, type: 'text', help: say('edit.unknown') };
            const unit = column.unit ? ` (${column.unit})` : '';
            return { ...column, title: `${column.help}${unit}`, right: /number|day/.test(column.type) };
        });
    }

    /** Shows the chosen table. `stays`: it is the one that is shown; where its columns are the same, so are the selection and the place. */
    async function show(stays = false) {
        const mine = ++showing;
        const format = formatOf(choose.value);
        const next = await tableNamed(format.table);
        const columns = columnsOf(format, next);
        const [others, ...known] = await Promise.all([givenRows(next, desk), ...columns.filter((column) => column.of).map(async (column) => [column.name, await idsOf(column.of)])]);
        if (ended || mine !== showing) return; // another one was chosen meanwhile
        table = work.draft.table(format.table) ?? next;
        ids = new Map(known);
        given = others;
        drawHelp(format);
        if (!stays || !view || next.columns.join() !== columnsShown) draw(format, columns);
        columnsShown = next.columns.join();
        drawState();
    }

    function drawHelp(format) {
        const givers = [...new Set(given.map((row) => row.partner))];
        search.textContent = `${say(`table.${format.table}`)}${givers.length ? ` ${say('edit.given.told', { count: number(given.length, 0), partners: givers.join(', ') })}` : ''}`;
    }

    function draw(format, columns) {
        const single = format.table === 'case.json';
        view = grid({
            label: format.table, edit: put, typing: isTyping, refuse: () => note(say('edit.paste.large'), 'warn'),
            source: {
                editable, busy: () => Boolean(work.saving), columns, rows: () => table.rows, given: () => given,
                mark: (row, column) => marks.get(row)?.get(column) ?? (column >= 0 && row.at !== null && row.cells[column] !== (row.was[column] ?? '') ? { kind: 'changed', text: row.was[column] || say('edit.empty') }
                    : row.at === null && column < 0 ? { kind: 'changed', text: say('edit.new') } : null),
                choices: (column) => columns[column].words ?? ids.get(columns[column].name) ?? (columns[column].type === 'yes or no' ? ['yes', 'no'] : []),
            },
        });
        buttons.add.disabled = buttons.remove.disabled = single;
        fill(place, view.element);
    }

    function onKeys(event) {
        if (!(event.ctrlKey || event.metaKey)) return;
        const keys = { s: save, z: event.shiftKey ? redo : undo, y: redo };
        const action = keys[event.key.toLowerCase()];
        if (!action || (event.target.matches('input') && event.key !== 's')) return;
        event.preventDefault();
        action();
    }

    async function onCase() {
        if (ended || work.saving || !work.formats || work.draft.generation === desk.about.generation) return;
        await rebase();
        if (!ended) check();
    }

    async function begin() {
        work.formats = await fresh('/api/case/tables');
        const wanted = state().sel.startsWith('table:') ? state().sel.slice(6) : 'sites.csv';
        for (const format of work.formats) choose.append(h('option', { value: format.table, selected: format.table === wanted }, format.table));
        fill(body, h('div.bar', {}, choose, editable && [buttons.add, buttons.remove, buttons.undo, buttons.redo, buttons.save, buttons.discard,
            h('button', { onclick: () => picker.click(), title: say('edit.file.help') }, say('edit.file')), picker], status), search, place, problems);
        await show();
        if (isUnsaved()) check();
    }

    const onDrop = (event) => { event.preventDefault(); if (editable) takeFiles([...event.dataTransfer.files]); };
    const onOver = (event) => event.preventDefault();
    document.addEventListener('keydown', onKeys);
    document.addEventListener('case', onCase);
    document.addEventListener('drop', onDrop);
    document.addEventListener('dragover', onOver);
    fill(body, h('p.note', {}, say('loading')));
    begin();
    return () => {
        ended = true;
        document.removeEventListener('keydown', onKeys);
        document.removeEventListener('case', onCase);
        document.removeEventListener('drop', onDrop);
        document.removeEventListener('dragover', onOver);
    };
}

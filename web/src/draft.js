// draft.js: changes that are made and not yet saved: tables of texts, what was done to them, undo and redo.
//
// A row knows its number in the file as the server has it (`at`) and what its cells said (`was`); both stay when it is
// changed. What the server is told follows from comparing, so that a change that was taken back is none.

export class DraftTable {
    constructor(name, columns, rows) {
        this.name = name;
        this.columns = columns;
        this.rows = rows.map((was, at) => ({ at, was, cells: this.fit(was) }));
        this.removed = [];
        this.version = 0; // rises with each part of a step; what follows from comparing is worked out once for each
        this.known = { version: -1, changes: [] };
        this.written = { version: -1, rows: [] };
    }

    fit(cells) {
        const fitted = cells.slice(0, this.columns.length);
        while (fitted.length < this.columns.length) fitted.push('');
        return fitted;
    }

    // Loops, not entries of objects: these are asked for each row of a table at each step.

    isBlank(row) {
        for (const text of row.cells) if (text !== '' && text.trim() !== '') return false;
        return true;
    }

    isChanged(row) {
        if (row.at === null) return true;
        for (let ix = 0; ix < row.cells.length; ix++) if (row.cells[ix] !== (row.was[ix] ?? '')) return true;
        return false;
    }

    /** The rows that the saved file would have: what the server's findings count. */
    live() {
        if (this.written.version !== this.version) this.written = { version: this.version, rows: this.rows.filter((row) => !this.isBlank(row)) };
        return this.written.rows;
    }

    /** Cells by column; only those that differ from `others`, where those are given. */
    toObject(cells, others) {
        const out = {};
        for (let ix = 0; ix < this.columns.length; ix++) if (!others || (cells[ix] ?? '') !== (others[ix] ?? '')) out[this.columns[ix]] = cells[ix] ?? '';
        return out;
    }

    changes() {
        if (this.known.version !== this.version) this.known = { version: this.version, changes: this.compare() };
        return this.known.changes;
    }

    compare() {
        const out = [];
        const table = this.name;
        for (const row of this.removed) if (row.at !== null) out.push({ table, row: row.at, was: this.toObject(row.was), remove: true });
        let next = null;
        const added = [];
        for (let ix = this.rows.length - 1; ix >= 0; ix--) {
            const row = this.rows[ix];
            if (row.at === null) {
                if (!this.isBlank(row)) added.push(next === null ? { table, add: this.filled(row) } : { table, row: next, add: this.filled(row) });
                continue;
            }
            next = row.at;
            if (!this.isChanged(row)) continue;
            const was = this.toObject(row.was);
            if (this.isBlank(row)) out.push({ table, row: row.at, was, remove: true });
            else out.push({ table, row: row.at, was, cells: this.toObject(row.cells, row.was) });
        }
        return out.concat(added.reverse());
    }

    filled(row) { return this.toObject(row.cells, []); }
}

// ---- parts of a step ----

const kindOf = (part) => (part.add ? 'add' : part.remove ? 'remove' : 'cell');

/** Whether a part can be made together with the one before. Rows are added at places that rise, each where it then lies. */
const goesOn = (before, part) => part.table === before.table && kindOf(part) === kindOf(before) && (!part.add || part.place > before.place);

function addRows(table, parts) {
    const added = new Map(parts.map((part, ix) => [Math.min(part.place, table.rows.length + ix), part.add]));
    const rows = [], all = table.rows.length + parts.length;
    for (let place = 0, next = 0; place < all; place++) rows.push(added.get(place) ?? table.rows[next++]);
    const back = new Set(parts.map((part) => part.add));
    table.rows = rows;
    table.removed = table.removed.filter((row) => !back.has(row));
    return parts.map((part) => ({ table: part.table, remove: part.add }));
}

/** What takes it back adds from the last to the first, and so is reversed to places that rise. */
function removeRows(table, parts) {
    const gone = new Set(parts.map((part) => part.remove));
    const back = [], rows = [];
    table.rows.forEach((row, place) => { if (gone.has(row)) back.push({ table: table.name, add: row, place }); else rows.push(row); });
    table.rows = rows;
    table.removed.push(...back.map((part) => part.add));
    return back.reverse();
}

function changeCell(part) {
    const from = part.row.cells[part.column];
    if (from === part.to) return null;
    part.row.cells[part.column] = part.to;
    return { ...part, to: from };
}

/** All tables that were looked at, and the steps made in them. */
export class Draft {
    constructor() {
        this.tables = new Map();
        this.done = [];
        this.undone = [];
        this.count = 0;
        this.generation = 0; // of the case that its tables were read from
    }

    table(name) { return this.tables.get(name); }
    put(table) { this.tables.set(table.name, table); }
    changes() { return [...this.tables.values()].flatMap((table) => table.changes()); }

    /** Makes a step: parts are {table, row, column, to}, {table, add: row, place} and {table, remove: row}. */
    step(parts) {
        const made = this.makeAll(parts);
        if (made.length === 0) return false;
        this.done.push(made);
        this.undone = [];
        this.count++;
        return true;
    }

    /** Makes parts in their order and returns those that take them back, from the last to the first. Rows that come or go one after
     * another do so at once: thousands of them cost one pass over the table, not one each. */
    makeAll(parts) {
        const out = [];
        for (let first = 0; first < parts.length;) {
            let end = first + 1;
            while (end < parts.length && goesOn(parts[end - 1], parts[end])) end++;
            const table = this.tables.get(parts[first].table);
            table.version++;
            if (parts[first].add) out.push(addRows(table, parts.slice(first, end)));
            else if (parts[first].remove) out.push(removeRows(table, parts.slice(first, end)));
            else out.push(parts.slice(first, end).map(changeCell).filter(Boolean));
            first = end;
        }
        return out.flat();
    }

    turn(from, to) {
        const step = from.pop();
        if (!step) return null;
        to.push(this.makeAll(step.reverse()));
        this.count++;
        return step;
    }

    undo() { return this.turn(this.done, this.undone); }
    redo() { return this.turn(this.undone, this.done); }

    /** Takes changes as the server has them into the draft, as one step. Returns those whose row is not there any more. */
    take(changes) {
        const lost = [], parts = [];
        for (const change of changes) {
            const table = this.tables.get(change.table);
            if (change.add) {
                const row = { at: null, was: [], cells: table.fit(table.columns.map((column) => change.add[column] ?? '')) };
                const before = table.rows.findIndex((each) => each.at === change.row);
                parts.push({ table: change.table, add: row, place: change.row === undefined || before < 0 ? table.rows.length : before });
                continue;
            }
            const fits = (row) => row && table.columns.every((column, ix) => (change.was[column] ?? '') === (row.was[ix] ?? ''));
            const at = table.rows.find((row) => row.at === change.row);
            const row = fits(at) ? at : table.rows.find((each) => each.at !== null && fits(each));
            if (!row) lost.push(change);
            else if (change.remove) parts.push({ table: change.table, remove: row });
            else for (const [column, to] of Object.entries(change.cells)) parts.push({ table: change.table, row, column: table.columns.indexOf(column), to });
        }
        // first come rows that are added: from the first place to the last, each pushed on by those before it
        const adds = parts.filter((part) => part.add).sort((a, b) => a.place - b.place).map((part, ix) => ({ ...part, place: part.place + ix }));
        const others = parts.filter((part) => !part.add);
        if (parts.length > 0) this.step([...adds, ...others]);
        return lost;
    }

    /** Takes rows of a file into a table: those with the same keys are changed, others added; `replace`: the rest goes. */
    merge(name, head, rows, keys, replace) {
        const table = this.tables.get(name);
        const places = head.map((text) => table.columns.indexOf(text.trim()));
        const by = (keys.length > 0 ? keys : table.columns).map((column) => table.columns.indexOf(column));
        const keyOf = (cells) => by.map((column) => (cells[column] ?? '').trim()).join('\u001f');
        const known = new Map(table.rows.map((row) => [keyOf(row.cells), row]));
        const parts = [], adds = [], met = new Set();
        for (const given of rows) {
            const cells = table.fit([]);
            places.forEach((column, ix) => { if (column >= 0) cells[column] = (given[ix] ?? '').trim(); });
            const old = known.get(keyOf(cells));
            if (!old || met.has(old)) {
                adds.push({ at: null, was: [], cells });
                continue;
            }
            met.add(old);
            for (const column of places) if (column >= 0) parts.push({ table: name, row: old, column, to: cells[column] });
        }
        const gone = replace ? table.rows.filter((row) => !met.has(row)) : [];
        const start = table.rows.length - gone.length;
        return this.step([...parts, ...gone.map((row) => ({ table: name, remove: row })),
            ...adds.map((add, ix) => ({ table: name, add, place: start + ix }))]);
    }
}

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
    }

    fit(cells) {
        const fitted = cells.slice(0, this.columns.length);
        while (fitted.length < this.columns.length) fitted.push('');
        return fitted;
    }

    isBlank(row) { return row.cells.every((text) => text.trim() === ''); }
    isChanged(row) { return row.at === null || row.cells.some((text, ix) => text !== (row.was[ix] ?? '')); }

    /** The rows that the saved file would have: what the server's findings count. */
    live() { return this.rows.filter((row) => !this.isBlank(row)); }

    toObject(cells) { return Object.fromEntries(this.columns.map((column, ix) => [column, cells[ix] ?? ''])); }

    changes() {
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
            else out.push({ table, row: row.at, was, cells: Object.fromEntries(Object.entries(this.toObject(row.cells)).filter(([key, text]) => text !== was[key])) });
        }
        return out.concat(added.reverse());
    }

    filled(row) { return Object.fromEntries(Object.entries(this.toObject(row.cells)).filter(([, text]) => text !== '')); }
}

/** All tables that were looked at, and the steps made in them. */
export class Draft {
    constructor() {
        this.tables = new Map();
        this.done = [];
        this.undone = [];
        this.count = 0;
    }

    table(name) { return this.tables.get(name); }
    put(table) { this.tables.set(table.name, table); }
    changes() { return [...this.tables.values()].flatMap((table) => table.changes()); }

    /** Makes a step: parts are {table, row, column, to}, {table, add: row, place} and {table, remove: row}. */
    step(parts) {
        const made = parts.map((part) => this.make(part)).filter(Boolean);
        if (made.length === 0) return false;
        this.done.push(made);
        this.undone = [];
        this.count++;
        return true;
    }

    /** Makes one part and returns the part that takes it back. */
    make(part) {
        const table = this.tables.get(part.table);
        if (part.add) {
            table.rows.splice(part.place, 0, part.add);
            table.removed = table.removed.filter((row) => row !== part.add);
            return { table: part.table, remove: part.add };
        }
        if (part.remove) {
            const place = table.rows.indexOf(part.remove);
            if (place < 0) return null;
            table.rows.splice(place, 1);
            table.removed.push(part.remove);
            return { table: part.table, add: part.remove, place };
        }
        const from = part.row.cells[part.column];
        if (from === part.to) return null;
        part.row.cells[part.column] = part.to;
        return { ...part, to: from };
    }

    turn(from, to) {
        const step = from.pop();
        if (!step) return null;
        to.push(step.reverse().map((part) => this.make(part)).filter(Boolean));
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
        // rows are added from the last to the first, so that places stay right
        const adds = parts.filter((part) => part.add).sort((a, b) => b.place - a.place);
        const others = parts.filter((part) => !part.add);
        if (parts.length > 0) this.step([...reverseGroups(adds), ...others]);
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

/** Of those that are added at the same place the first comes last, since each pushes the others on. */
function reverseGroups(adds) {
    const out = [];
    for (let first = 0; first < adds.length;) {
        let end = first;
        while (end < adds.length && adds[end].place === adds[first].place) end++;
        out.push(...adds.slice(first, end).reverse());
        first = end;
    }
    return out;
}

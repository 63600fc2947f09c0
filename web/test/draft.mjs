// draft.mjs: steps of an edit, undo and redo against a plain model: rows spliced one by one. No browser; a seed makes it repeatable.
import { Draft, DraftTable } from '../src/draft.js';

const columns = ['a', 'b', 'c'];

/** Numbers from 0 up to n, from a seed (mulberry32). */
function drawing(seed) {
    let state = seed;
    return (n) => {
        state = (state + 0x6d2b79f5) | 0;
        let t = Math.imul(state ^ (state >>> 15), 1 | state);
        t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
        return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4294967296) * n);
    };
}

/** A step as the page makes them: cells, rows that go, rows that come at places that rise; and what the model then has. */
function drawStep(draw, table, model, count) {
    const parts = [], after = model.map((row) => [...row]);
    const gone = new Set(table.rows.filter(() => draw(6) === 0));
    table.rows.forEach((row, place) => {
        if (draw(4) || gone.has(row)) return;
        parts.push({ table: 't', row, column: draw(3), to: `${count}.${draw(5)}` });
        after[place][parts.at(-1).column] = parts.at(-1).to;
    });
    const left = after.filter((_, place) => !gone.has(table.rows[place]));
    parts.push(...[...gone].map((row) => ({ table: 't', remove: row })));
    for (let place = draw(3); place <= left.length; place += 1 + draw(4)) {
        const cells = [`new ${count}`, String(place), ''];
        parts.push({ table: 't', add: { at: null, was: [], cells: [...cells] }, place });
        left.splice(place, 0, cells);
    }
    return { parts, after: left };
}

const texts = (table) => JSON.stringify(table.rows.map((row) => row.cells));

export function drafts(expect) {
    let steps = 0, right = true, back = true, again = true, none = true;
    for (let seed = 1; seed <= 200; seed++) {
        const draw = drawing(seed), draft = new Draft();
        const table = new DraftTable('t', columns, Array.from({ length: draw(12) }, (_, row) => [String(row), 'x', '']));
        draft.put(table);
        let model = table.rows.map((row) => [...row.cells]);
        const states = [texts(table)];
        for (let step = 0; step < 6; step++) {
            const { parts, after } = drawStep(draw, table, model, step);
            if (!draft.step(parts)) continue;
            model = after;
            states.push(JSON.stringify(model));
            right = right && texts(table) === states.at(-1);
            steps++;
        }
        for (let at = states.length - 2; at >= 0; at--) { draft.undo(); back = back && texts(table) === states[at]; }
        none = none && draft.changes().length === 0;
        for (let at = 1; at < states.length; at++) { draft.redo(); again = again && texts(table) === states[at]; }
    }
    expect(`${steps} steps of an edit come out as rows spliced one by one`, right && steps > 500);
    expect('... undone, each is as before', back);
    expect('... and when all are, there is no change', none);
    expect('... redone, as after', again);
}

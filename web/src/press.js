// press.js: between the press of a button and its release nothing that was asked for comes in. An answer that redraws what is under the
// pointer just then would take the click away: the browser gives a click to what was pressed and released, and that would be gone.
//
// Whoever hands on answers and events (api.js) first awaits `released()`. Presses of anything else, such as a scroll bar or the map, hold
// nothing up: there answers are wanted meanwhile.

const clicked = 'button, a, label, summary, .row.pick, input[type=checkbox], input[type=file]';
const touchDelay = 50; // a finger's click comes in a task of its own

let pressed = false;
let waiting = [];

/** Resolves at once, or when what is pressed has been released and its click has been heard. */
export const released = () => (pressed ? new Promise((done) => { waiting.push(done); }) : Promise.resolve());

function letGo() {
    pressed = false;
    const now = waiting;
    waiting = [];
    for (const done of now) done();
}

addEventListener('pointerdown', (event) => { pressed = Boolean(event.target.closest?.(clicked)); if (!pressed) letGo(); }, true);
addEventListener('pointerup', (event) => setTimeout(letGo, event.pointerType === 'mouse' ? 0 : touchDelay), true);
addEventListener('pointermove', (event) => { if (pressed && event.buttons === 0) letGo(); }, true); // it was released elsewhere
for (const name of ['pointercancel', 'dragend']) addEventListener(name, letGo, true);
addEventListener('blur', letGo); // of the window

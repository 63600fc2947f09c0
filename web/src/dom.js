// dom.js: elements without HTML text: what comes from a case can never become markup.

/** h('button.primary', {onclick, title}, 'Run', child ...): an element. Children that are null or false are left out. */
export function h(what, attributes = {}, ...children) {
    const [tag, ...classes] = what.split('.');
    const element = document.createElement(tag || 'div');
    if (classes.length > 0) element.className = classes.join(' ');
    set(element, attributes);
    add(element, children);
    return element;
}

/** The same for pictures: svg('rect', {x, y, class}). */
export function svg(tag, attributes = {}, ...children) {
    const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
    set(element, attributes);
    add(element, children);
    return element;
}

function set(element, attributes) {
    for (const [name, value] of Object.entries(attributes)) {
        if (value === undefined || value === null || value === false) continue;
        if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
        else if (name === 'style') for (const [key, text] of Object.entries(value)) element.style.setProperty(key, text);
        else if (name === 'value') element.value = value;
        else element.setAttribute(name, value === true ? '' : value);
    }
}

function add(element, children) {
    for (const child of children.flat(Infinity)) if (child !== null && child !== undefined && child !== false) element.append(child);
}

/** Puts children in place of all that is in element. */
export function fill(element, ...children) {
    element.replaceChildren();
    add(element, children);
    return element;
}

const shown = new WeakMap();

/**
 * Fills element with what make() gives, unless that would show the same as last time: `says` is a text of all that it depends on. What
 * stays keeps the focus, an open list and the click that has begun on it.
 */
export function refill(element, says, make) {
    if (shown.get(element) === says) return;
    shown.set(element, says);
    fill(element, make());
}

/**
 * Shows items as elements of a list: what has the same key stays the element that it was (so that a click or the focus on it is not lost)
 * and is only brought up to date.
 */
export function keep(list, items, keyOf, make, update) {
    const there = new Map([...list.children].map((element) => [shown.get(element), element]));
    const wanted = items.map((item) => {
        const key = keyOf(item), old = there.get(key), element = old || make(item);
        shown.set(element, key);
        if (old) update(old, item);
        return element;
    });
    if (wanted.length !== list.children.length || wanted.some((element, place) => element !== list.children[place])) list.replaceChildren(...wanted);
}

/** How far something is, on a progress element. */
export function noteProgress(element, done) {
    if (!element) return;
    if (done === null || done === undefined) element.removeAttribute('value');
    else element.value = done;
}

/** A colour of the theme, for canvases. */
export function colour(name) {
    return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

/** Letters of canvases grow with those of the page (which are larger on a wall). */
export const letters = () => parseFloat(getComputedStyle(document.body).fontSize) / 14;

/** A canvas' context, its pixels those of the screen; coordinates stay those of the page. */
export function context(canvas, width, height) {
    const ratio = window.devicePixelRatio || 1;
    if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
        canvas.width = Math.round(width * ratio);
        canvas.height = Math.round(height * ratio);
        canvas.style.width = `${width}px`;
        canvas.style.height = `${height}px`;
    }
    const pen = canvas.getContext('2d');
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    return pen;
}

/** Calls then once after calls have ceased for so many milliseconds. */
export function settle(then, milliseconds) {
    let timer;
    return (...args) => {
        clearTimeout(timer);
        timer = setTimeout(() => then(...args), milliseconds);
    };
}

// The figure's element, in a document without a browser: what its controls do, what it says, how its parts move.
// FIGURE names a file with figures as emcore writes them: half-steps with two starts, a plain slider, a bound, and
// nine places, three by three from the lower left; and four that ask: across, height, point, curve.
// ELEMENT may name another script to try, such as a mutant.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test as nodeTest } from "node:test";
import { JSDOM } from "jsdom";

const script = readFileSync(process.env.ELEMENT ?? new URL("../emcore/figures/element.js", import.meta.url), "utf8");
const NAMES = ["halves", "plain", "bound", "spread", "asked"], markup = readFileSync(process.env.FIGURE, "utf8").split(/(?=<em-figure)/);
let window, halves, plain, bound, spread, asked, clock, waiting, reduced, captured;

// A test opens the figures that it names.
const test = (what, run) => nodeTest(what, () => {
  open(NAMES.filter((name) => new RegExp(`\\b${name}\\b`).test(run)));
  return run();
});

function open(names, prepare = () => {}) {
  const page = names.flatMap((name) => (name === "asked" ? markup.slice(4) : markup[NAMES.indexOf(name)])).join("");
  ({ window } = new JSDOM(`<!doctype html><body>${page}</body>`, { runScripts: "outside-only" }));
  [clock, waiting, reduced] = [0, [], false];
  window.matchMedia = () => ({ matches: reduced });
  window.requestAnimationFrame = (run) => waiting.push(run);
  window.cancelAnimationFrame = (number) => { waiting[number - 1] = () => {}; };
  window.performance.now = () => clock;
  window.Element.prototype.setPointerCapture = function (id) { captured = [this, id]; };
  window.Element.prototype.getBoundingClientRect = function () { // a panel is 400 by 200, a ring is a point on it
    const at = (side, whole) => parseFloat(this.style[side] || 0) / 100 * whole;
    if (this.className.startsWith("em-grab") && this.parentNode.matches(".em-panel")) return { left: at("left", 400), top: at("top", 200), width: 0, height: 0 };
    return { left: 0, top: 0, width: 400, height: 200 };
  };
  prepare();
  window.eval(script + "\nwindow.parts = { between, canMorph, nearest, verdict };");
  const found = [...window.document.querySelectorAll("em-figure")];
  asked = names.includes("asked") ? found.splice(-4) : [];
  [halves, plain, bound, spread] = NAMES.map((name) => found[names.indexOf(name)]);
}

function pass(ms) { // time goes on, and the browser paints once
  clock += ms;
  const now = waiting;
  waiting = [];
  now.forEach((run) => run());
}

const button = (figure, what) => figure.querySelector(`button[data-do="${what}"]`);
const press = (figure, what) => button(figure, what).click();
const words = (figure) => figure.querySelector(".em-now p").textContent;
const off = (figure, what) => button(figure, what).getAttribute("aria-disabled") === "true";
const part = (figure, name) => figure.slots.find((slot) => slot.dataset.part === name || slot.innerHTML.includes(name));

function slide(figure, value, what = "step") {
  const input = figure.querySelector(`input[data-do="${what}"]${what === "start" ? `[value="${value}"]` : ""}`);
  if (what === "step") input.value = value; else input.checked = true;
  input.dispatchEvent(new window.Event("input", { bubbles: true }));
}

const ring = (figure, i = 0) => figure.querySelectorAll(".em-grab")[i];
const spot = (figure, i, start, step) => { // where a handle stands on a page, in pixels
  const [x, y] = figure.book.handles[i].at[start][step];
  return { clientX: 4 * x, clientY: 2 * y };
};

function point(node, type, where, pointerId = 1, more = {}) {
  const event = new window.MouseEvent(type, { bubbles: true, cancelable: true, ...where, ...more });
  Object.defineProperty(event, "pointerId", { value: pointerId });
  node.dispatchEvent(event);
  return event;
}

function dragTo(figure, i, ...places) { // from where the handle is, through places in pixels
  point(ring(figure, i), "pointerdown", spot(figure, i, figure.start, figure.step));
  for (const place of places) point(ring(figure, i), "pointermove", place);
  point(ring(figure, i), "pointerup", places.at(-1));
}

test("it opens on its own page, with the words that were in the markup", () => {
  assert.equal(plain.step, plain.book.at);
  assert.equal(words(plain), plain.book.pages[0][plain.book.at][1]);
  assert.ok(plain.classList.contains("em-alive"));
});

test("the slider turns the pages, and says where it is in words", () => {
  slide(plain, 3);
  assert.equal(plain.step, 3);
  assert.equal(words(plain), plain.book.pages[0][3][1]);
  assert.equal(plain.querySelector("output").textContent, plain.book.stops[3]);
  assert.equal(plain.querySelector("input[type=range]").getAttribute("aria-valuetext"), plain.book.stops[3]);
  assert.deepEqual([...plain.querySelectorAll(".em-now dd")].map((dd) => dd.textContent), [...plain.book.pages[0][3][2]]);
});

test("every slot shows its part of the page", () => {
  reduced = true;
  for (let step = 0; step <= plain.last; step++) {
    plain.go(0, step);
    plain.slots.forEach((slot, i) => {
      const expected = window.document.createElementNS("http://www.w3.org/2000/svg", "g");
      expected.innerHTML = plain.book.parts[plain.book.pages[0][step][0][i]];
      assert.equal(slot.innerHTML, expected.innerHTML);
    });
  }
});

test("back and next stop at the ends, and say so without losing the focus", () => {
  plain.go(0, 0);
  assert.ok(off(plain, "back") && !off(plain, "next"));
  press(plain, "back");
  assert.equal(plain.step, 0);
  for (let i = 0; i <= plain.last + 2; i++) press(plain, "next");
  assert.equal(plain.step, plain.last);
  assert.ok(off(plain, "next") && !off(plain, "back"));
  assert.equal(plain.querySelectorAll("button:disabled").length, 0);
  press(plain, "back");
  assert.equal(plain.step, plain.last - 1);
});

test("reset leads to the opening page", () => {
  slide(plain, 0);
  press(plain, "reset");
  assert.equal(plain.step, plain.book.at);
});

test("only the half-step that comes next can be taken; the one just done says so, and what was held", () => {
  assert.ok(!off(halves, "E") && off(halves, "M"));
  assert.ok(button(halves, "E").classList.contains("em-next"));
  press(halves, "M");
  assert.equal(halves.step, 0);
  press(halves, "E");
  assert.equal(halves.book.kinds[halves.step], "E");
  assert.ok(button(halves, "E").classList.contains("em-done") && !button(halves, "M").classList.contains("em-done"));
  assert.ok(off(halves, "E") && button(halves, "M").classList.contains("em-next"));
  assert.match(halves.querySelector(".em-held").textContent, /q moved, θ held/);
  press(halves, "M");
  assert.equal(halves.step, 2);
  assert.match(halves.querySelector(".em-held").textContent, /θ moved, q held/);
  halves.go(0, halves.last);
  assert.ok(off(halves, "E") && off(halves, "M"));
});

test("a choice of start keeps the page, and a jump leads to its own start", () => {
  slide(halves, 1);
  slide(halves, 1, "start");
  assert.deepEqual([halves.start, halves.step], [1, 1]);
  assert.equal(words(halves), halves.book.pages[1][1][1]);
  halves.go(0, 0);
  const jump = halves.querySelector("button[data-to]");
  jump.click();
  assert.deepEqual([halves.start, halves.step], jump.dataset.to.split(",").map(Number));
  assert.ok(halves.querySelector(`input[data-do=start][value="${halves.start}"]`).checked);
});

test("a move by the reader is told to whoever listens; one from outside is not", () => {
  const told = [];
  halves.addEventListener("em-move", ({ detail }) => told.push({ ...detail }));
  halves.go(1, 2);
  press(halves, "back");
  assert.deepEqual(told, [{ start: 1, step: 1 }]);
});

test("play turns a page each interval, pauses, and ends on the last page", () => {
  plain.go(0, 0);
  const { interval } = plain.book;
  press(plain, "play");
  assert.equal(button(plain, "play").textContent, "Pause");
  assert.equal(button(plain, "play").getAttribute("aria-pressed"), "true");
  assert.equal(plain.querySelector(".em-now").getAttribute("aria-live"), "off");
  pass(interval - 1);
  assert.equal(plain.step, 0);
  pass(2);
  assert.equal(plain.step, 1);
  press(plain, "play");
  pass(interval * 2);
  assert.equal(plain.step, 1);
  assert.equal(plain.querySelector(".em-now").getAttribute("aria-live"), "polite");
  press(plain, "play");
  for (let i = 0; i < 2 * plain.last + 4; i++) pass(interval + 1);
  assert.equal(plain.step, plain.last);
  assert.equal(button(plain, "play").textContent, "Play");
  press(plain, "play");
  assert.equal(plain.step, 0);
});

test("any other move ends the play", () => {
  plain.go(0, 0);
  press(plain, "play");
  slide(plain, 1);
  assert.equal(button(plain, "play").textContent, "Play");
  press(plain, "play");
  press(plain, "back");
  assert.equal(button(plain, "play").textContent, "Play");
});

test("nothing waits for a frame when nothing moves", () => {
  slide(plain, 2);
  for (let i = 0; i < 40; i++) pass(16);
  assert.equal(waiting.length, 0);
});

test("numbers move on a smooth way from one drawing to the next", () => {
  const { between } = window.parts;
  assert.equal(between('d="M 0 10 l 4 -2"', 'd="M 2 10 l 8 -2"', 0.5), 'd="M 1.000 10 l 6.000 -2"');
  assert.equal(between('x="1"', 'x="1.01"', 0.1), 'x="1.001"');
  assert.equal(between('id="a-1" x="1"', 'id="a-1" x="3"', 1), 'id="a-1" x="3.000"');
  assert.equal(between("#a1b2c3 1", "#a1b2c3 2", 0.5), "#a1b2c3 1.500");
});

test("what has another shape, or words, or was not there, is there at once", () => {
  const { canMorph } = window.parts;
  assert.ok(canMorph('<path d="M 1 2"/>', '<path d="M 3 -4.5"/>'));
  assert.ok(!canMorph('<path d="M 1 2"/>', '<path d="M 3 4 l 1 1"/>'));
  assert.ok(canMorph('<text x="1">at 5</text>', '<text x="2">at 5</text>')); // words move
  assert.ok(!canMorph('<text x="1">at 5</text>', '<text x="1">at 6</text>')); // but no number in them runs
  assert.ok(!canMorph("", "<path/>") && !canMorph("<path/>", ""));
});

test("a move takes a quarter of a second, begins at once and ends exactly", () => {
  plain.go(0, 0);
  for (let i = 0; i < 40; i++) pass(16);
  const i = plain.slots.findIndex((_, j) => window.parts.canMorph(plain.shown[j], plain.book.parts[plain.book.pages[0][1][0][j]])
    && plain.shown[j] !== plain.book.parts[plain.book.pages[0][1][0][j]]);
  const [from, target] = [plain.shown[i], plain.book.parts[plain.book.pages[0][1][0][i]]];
  plain.go(0, 1);
  pass(0);
  assert.ok(plain.shown[i] !== from && plain.shown[i] !== target);
  pass(235);
  assert.ok(plain.shown[i] !== target);
  pass(20);
  assert.equal(plain.shown[i], target);
});

test("a new move starts from where the last one is, and none is left over", () => {
  plain.go(0, 0);
  pass(300);
  plain.go(0, 1);
  pass(100);
  plain.go(0, 2);
  for (let i = 0; i < 30; i++) pass(16);
  plain.slots.forEach((_, i) => assert.equal(plain.shown[i], plain.book.parts[plain.book.pages[0][2][0][i]]));
});

test("with reduced motion nothing moves: it is there", () => {
  reduced = true;
  plain.go(0, 2);
  plain.slots.forEach((_, i) => assert.equal(plain.shown[i], plain.book.parts[plain.book.pages[0][2][0][i]]));
});

test("what moved is marked, what stayed is not", () => {
  plain.go(0, 0);
  pass(300);
  const before = [...plain.shown];
  plain.go(0, 1);
  pass(300);
  plain.slots.forEach((slot, i) => assert.equal(slot.classList.contains("em-moved"), before[i] !== plain.shown[i]));
});

test("the last page's neighbors do not wrap around", () => {
  plain.go(0, 10_000);
  assert.equal(plain.step, plain.last);
  plain.go(0, -5);
  assert.equal(plain.step, 0);
});

test("removed from the page it stops, and coming back it is not made twice", () => {
  press(plain, "play");
  plain.remove();
  const { step } = plain;
  for (let i = 0; i < 5; i++) pass(plain.book.interval + 1);
  assert.equal(plain.step, step);
  window.document.body.append(plain);
  press(plain, "next");
  assert.ok(plain.step <= step + 1);
});

test("on paper three or four pages stand side by side, each with its words, ids only once", () => {
  window.dispatchEvent(new window.Event("beforeprint"));
  window.dispatchEvent(new window.Event("beforeprint"));
  const cells = halves.querySelectorAll(".em-print > div");
  assert.ok(cells.length >= 3 && cells.length <= 4);
  assert.ok(cells[1].textContent.includes(halves.book.pages[0][1][1]));
  assert.ok([...cells].every((cell) => cell.querySelector("svg") && !cell.querySelector("defs")));
  const ids = [...halves.querySelectorAll("[id]")].map((node) => node.id);
  assert.equal(new Set(ids).size, ids.length);
});

test("an element that is opened before its contents are there waits for them", () => {
  const late = window.document.createElement("em-figure");
  window.document.body.append(late);
  assert.equal(late.book, undefined);
  late.innerHTML = plain.innerHTML;
  window.dispatchEvent(new window.Event("DOMContentLoaded"));
  assert.equal(late.step, plain.book.at);
});

test("a ring stands on every mark that can be dragged, and follows it; the slider is the way by keyboard", () => {
  for (const step of [0, 2]) {
    plain.go(0, step);
    const [x, y] = plain.book.handles[0].at[0][step];
    assert.deepEqual([ring(plain).style.left, ring(plain).style.top], [`${x}%`, `${y}%`]);
  }
  assert.equal(ring(plain).getAttribute("aria-hidden"), "true");
  assert.ok(ring(plain).parentNode.matches(".em-panel") && !ring(plain).hidden);
});

test("a drag shows the page whose mark is nearest, and tells of every move", () => {
  const told = [];
  plain.addEventListener("em-move", ({ detail }) => told.push(detail.step));
  plain.go(0, 0);
  dragTo(plain, 0, spot(plain, 0, 0, 1), spot(plain, 0, 0, 3), { clientX: 9999, clientY: -9999 });
  assert.deepEqual(told, [1, 3, plain.last]);
  assert.equal(words(plain), plain.book.pages[0][plain.last][1]);
  point(ring(plain), "pointermove", spot(plain, 0, 0, 0)); // let go: nothing follows
  assert.equal(plain.step, plain.last);
  dragTo(plain, 0, { clientX: -9999, clientY: 0 });
  assert.equal(plain.step, 0);
});

test("a mark is dragged by where it was taken, and does not jump to the pointer", () => {
  plain.go(0, 2);
  const { clientX, clientY } = spot(plain, 0, 0, 2), far = spot(plain, 0, 0, 3).clientX - clientX;
  point(ring(plain), "pointerdown", { clientX: clientX + 0.9 * far, clientY });
  point(ring(plain), "pointermove", { clientX: clientX + far, clientY });
  assert.equal(plain.step, 2);
  point(ring(plain), "pointermove", { clientX: clientX + 1.9 * far, clientY });
  assert.equal(plain.step, 3);
});

test("the pointer that took a mark keeps it, another one does nothing, and the mark is let go when it is lost", () => {
  plain.go(0, 0);
  const down = point(ring(plain), "pointerdown", spot(plain, 0, 0, 0), 7);
  assert.ok(down.defaultPrevented); // no words are selected
  assert.deepEqual(captured, [ring(plain), 7]);
  assert.ok(ring(plain).classList.contains("em-held-fast"));
  captured = undefined;
  point(ring(plain), "pointerdown", spot(plain, 0, 0, 0), 8);
  assert.equal(captured, undefined);
  point(ring(plain), "pointermove", spot(plain, 0, 0, 2), 8);
  point(ring(plain), "pointerup", spot(plain, 0, 0, 2), 8);
  assert.equal(plain.step, 0);
  point(ring(plain), "pointermove", spot(plain, 0, 0, 2), 7);
  assert.equal(plain.step, 2);
  for (const end of ["pointerup", "pointercancel", "lostpointercapture"]) {
    plain.go(0, 2);
    point(ring(plain), "pointerdown", spot(plain, 0, 0, 2), 7);
    point(ring(plain), end, {}, 7);
    assert.ok(!ring(plain).classList.contains("em-held-fast"));
    point(ring(plain), "pointermove", spot(plain, 0, 0, 0), 7);
    assert.equal(plain.step, 2);
  }
  point(ring(plain), "pointerdown", spot(plain, 0, 0, 2), 7, { button: 2 }); // not the main button
  point(ring(plain), "pointermove", spot(plain, 0, 0, 0), 7);
  point(plain.querySelector(".em-title"), "pointerdown", spot(plain, 0, 0, 2), 7); // nor elsewhere
  point(plain, "pointermove", spot(plain, 0, 0, 0), 7);
  assert.equal(plain.step, 2);
});

test("taking a mark ends the play", () => {
  plain.go(0, 0);
  press(plain, "play");
  point(ring(plain), "pointerdown", spot(plain, 0, 0, 0));
  assert.equal(button(plain, "play").textContent, "Play");
});

test("a drag from the opening page may change the start; from a later page it stays on its own path", () => {
  dragTo(bound, 0, spot(bound, 0, 1, 0));
  assert.deepEqual([bound.start, bound.step], [1, 0]);
  assert.ok(bound.querySelector("input[data-do=start][value='1']").checked);
  dragTo(bound, 0, spot(bound, 0, 1, 2));
  assert.deepEqual([bound.start, bound.step], [1, 2]);
  bound.go(0, 0);
  dragTo(bound, 0, spot(bound, 0, 1, 2)); // of another start, its opening page alone
  assert.ok(bound.start === 0 || bound.step === 0);
  bound.go(0, 2);
  dragTo(bound, 0, spot(bound, 0, 1, 0));
  assert.equal(bound.start, 0);
});

test("the nearest place: sideways alone for a walk, and of equals the first", () => {
  const { nearest } = window.parts, size = { width: 400, height: 200 };
  const [a, b, c] = [[10, 10], [50, 90], [10, 10]].map((spot, step) => ({ spot, step }));
  assert.equal(nearest([a, b, c], [100, 10], size, false), a);
  assert.equal(nearest([a, b, c], [130, 10], size, false), a);
  assert.equal(nearest([a, b, c], [130, 10], size, true), b);
  assert.equal(nearest([c, b, a], [40, 20], size, true), c);
});

test("a figure of places: its handle has a focus, a name and the page's sentence", () => {
  const handle = ring(spread);
  assert.equal(handle.tabIndex, 0);
  assert.deepEqual(["role", "aria-label", "aria-valuemin", "aria-valuemax", "aria-valuenow", "aria-hidden"].map((t) => handle.getAttribute(t)),
    ["slider", "place", "0", "8", "4", null]);
  assert.equal(handle.getAttribute("aria-valuetext"), words(spread));
  assert.equal(spread.querySelector(".em-picture").getAttribute("role"), "group");
  assert.ok([...spread.querySelectorAll(".em-picture svg")].every((svg) => svg.getAttribute("aria-hidden")));
  assert.equal(plain.querySelector(".em-picture").getAttribute("role"), "img");
  assert.equal(plain.querySelector("svg").getAttribute("aria-hidden"), null);
  assert.equal(ring(plain).getAttribute("aria-valuenow"), null);
});

function key(node, name) {
  const event = new window.KeyboardEvent("keydown", { key: name, bubbles: true, cancelable: true });
  node.dispatchEvent(event);
  return event.defaultPrevented;
}

test("arrow keys go to the next place on their side, and stay where there is none", () => {
  const told = [];
  spread.addEventListener("em-move", ({ detail }) => told.push(detail.step));
  for (const name of ["ArrowUp", "ArrowUp", "ArrowLeft", "ArrowLeft", "ArrowDown", "ArrowRight", "ArrowRight", "ArrowDown", "ArrowDown"]) {
    assert.ok(key(ring(spread), name));
  }
  assert.deepEqual(told, [7, 6, 3, 4, 5, 2]);
  assert.equal(ring(spread).getAttribute("aria-valuetext"), spread.book.pages[0][2][1]);
  assert.ok(!key(ring(spread), "a") && !key(spread.querySelector("button"), "ArrowUp"));
  assert.equal(spread.step, 2);
});

test("an arrow key would rather go straight ahead than to a nearer place aside", () => {
  spread.handles[0].at[0].splice(0, 9, [50, 50], [54, 80], [80, 50], [47, 10], [20, 45], [90, 55], [50, 51], [50, 50], [50, 50]);
  spread.go(0, 0);
  for (const [name, step] of [["ArrowRight", 2], ["ArrowLeft", 4], ["ArrowUp", 3], ["ArrowDown", 6]]) {
    spread.go(0, 0);
    key(ring(spread), name);
    assert.equal(spread.step, step, name);
  }
});

test("a drag over places shows the nearest, and takes the focus", () => {
  dragTo(spread, 0, { clientX: 9999, clientY: -9999 });
  assert.equal(spread.step, 8);
  assert.equal(window.document.activeElement, ring(spread));
  dragTo(spread, 0, spot(spread, 0, 0, 1));
  assert.equal(spread.step, 1);
  dragTo(plain, 0, spot(plain, 0, 0, 2));
  assert.equal(window.document.activeElement, ring(spread));
});

const question = (figure) => figure.querySelector(".em-asked p").textContent;
const mark = (figure) => figure.querySelector(".em-mark");
const path = (figure) => figure.querySelector(".em-over path").getAttribute("d");
const beside = (figure) => ["--x", "--y"].map((side) => mark(figure).style.getPropertyValue(side)).join();

function markAt(figure, node, ...places) { // places as shares of the axes, from their lower left; the box of a stub is 400 by 200
  const at = places.map(([x, y]) => ({ clientX: 400 * x, clientY: 200 * (1 - y) }));
  point(node, "pointerdown", at[0]);
  for (const place of at.slice(1)) point(node, "pointermove", place);
  point(node, "pointerup", at.at(-1));
}

test("a question stands under the picture, and a mark on its axes, until the pages are turned", () => {
  const [across] = asked, over = across.querySelector(".em-over");
  assert.equal(question(across), "Where does it end?");
  assert.equal(path(across), "M74 0V100");
  assert.deepEqual(["left", "top", "width", "height"].map((side) => over.style[side]), [...across.book.predict.box].map((share) => `${share}%`));
  assert.equal(across.querySelector(".em-picture").getAttribute("role"), "group");
  assert.deepEqual(["role", "tabindex", "aria-label", "aria-valuetext", "aria-valuenow"].map((trait) => mark(across).getAttribute(trait)),
    ["slider", "0", "Where does it end?", "2.2 cm", "74"]);
  press(across, "next");
  assert.ok(over.hidden); // who does not want to predict is left alone
  press(across, "reset");
  assert.ok(!over.hidden);
  key(mark(across), "ArrowRight");
  press(across, "next");
  assert.ok(!over.hidden);
  assert.equal(question(across), "Where does it end?");
  assert.ok(!plain.querySelector(".em-over"));
});

test("reveal goes to the page that holds the truth, and says by how much the reader missed", () => {
  const [across] = asked, told = [];
  across.addEventListener("em-move", ({ detail }) => told.push(detail.step));
  markAt(across, mark(across), [0.5, 0.5], [0.7, 0.9]);
  assert.equal(path(across), "M70 0V100"); // sideways only
  assert.equal(beside(across), "70%,30%");
  press(across, "reveal");
  assert.equal(question(across), "You said 2.1 cm, it is 2.0 cm: 0.1 cm too far right.");
  assert.deepEqual(told, [2]);
  assert.equal(button(across, "reveal").textContent, "Predict again");
  assert.ok(mark(across).hidden && !across.querySelector(".em-over").hidden && path(across) === "M70 0V100");
  press(across, "next");
  assert.ok(!across.querySelector(".em-over").hidden);
  press(across, "reveal"); // again
  assert.equal(question(across), "Where does it end?");
  assert.equal(button(across, "reveal").textContent, "Reveal");
  assert.equal(across.step, across.book.at);
  assert.equal(path(across), "M74 0V100");
  press(across, "reveal"); // without a word from the reader
  assert.equal(question(across), "It is 2.0 cm.");
  assert.ok(across.guess.over.hidden); // nothing was said, and nothing is drawn over the truth
});

test("a height moves up and down, a point freely, neither beyond the axes", () => {
  const [, height, free] = asked;
  markAt(height, mark(height), [0.3, 0.5], [0.9, 0.25]);
  assert.equal(path(height), "M0 75H8"); // at the left edge, where it is asked
  assert.deepEqual(asked.map((figure) => mark(figure).classList.contains("em-inside")), [false, true, false, true]);
  press(height, "reveal");
  assert.equal(question(height), "You said 1.8, it is 4.0: 2.2 too low.");
  markAt(free, mark(free), [0.5, 0.5], [2, -3]);
  assert.equal(path(free), "M95 100H105M100 95V105");
  assert.equal(mark(free).getAttribute("aria-valuetext"), "(3.00, −1.00)");
  markAt(free, mark(free), [0.5, 0.5], [0.1, 0.3]);
  press(free, "reveal");
  assert.equal(question(free), "You said (0.30, 2.30), it is (2.00, 0.00): 1.70 too far left and 2.30 too high.");
  markAt(free, mark(free), [0.5, 0.5], [0.9, 0.9]); // revealed: it stays
  assert.equal(path(free), "M5 70H15M10 65V75");
});

test("a curve is painted by a sweep, which sets every knot that it passes", () => {
  const curve = asked[3], over = curve.querySelector(".em-over"), at = () => [...curve.guess.at].map(([, y]) => +y.toFixed(2));
  assert.ok(over.classList.contains("em-canvas") && !asked[0].querySelector(".em-canvas"));
  markAt(curve, over, [0, 0.9], [0.5, 0.2], [0.52, 0.3]);
  assert.deepEqual(at(), [0.9, 0.2, 0.2, 0.2, 0.3, 0.7, 0.7, 0.7, 0.7]);
  markAt(curve, over, [1, 0.1], [0.74, 0.7]);
  assert.deepEqual(at(), [0.9, 0.2, 0.2, 0.2, 0.3, 0.7, 0.7, 0.7, 0.1]);
  assert.ok(path(curve).startsWith("M0,10") && path(curve).split("L").length === 9);
  press(curve, "reveal");
  const far = curve.book.predict.truth.map(([x, y], i) => [Math.abs(y - curve.guess.places[i][1]), x]);
  const [most, x] = far.reduce((one, other) => (other[0] > one[0] ? other : one));
  assert.match(question(curve), new RegExp(`^Farthest off at ${x.toFixed(2)}: you said .*, it is .*: ${most.toFixed(2).slice(0, -1)}. too (low|high).$`));
  markAt(curve, over, [0, 0.5]);
  assert.equal(at()[0], 0.9);
  press(curve, "reveal"); // again, from what is drawn
  assert.deepEqual(at(), [0.9, 0.2, 0.2, 0.2, 0.3, 0.7, 0.7, 0.7, 0.1]);
  markAt(curve, over, [0.5, 0.6], [0.9, 0.4]); // what goes to an end goes to its end, though it stops before it
  assert.deepEqual(at().slice(4), [0.6, 0.4, 0.4, 0.4, 0.4]);
  markAt(curve, over, [0.1, 0.3], [0.2, 0.5]);
  assert.deepEqual(at().slice(0, 4), [0.3, 0.5, 0.5, 0.2]);
});

test("a question belongs to its start: on another one it is away, and comes back with what was said", () => {
  open(["halves"], () => {
    const script = window.document.querySelector("em-figure script"), book = JSON.parse(script.textContent);
    book.predict = { question: "Where?", kind: "point", truth: [[1, 1]], page: [0, 2], panel: 0, digits: 1, unit: "", box: [0, 0, 100, 100],
      places: [[0.2, 0.7]], x: [0, 1], y: [0, 1], log: [false, false] };
    script.textContent = JSON.stringify(book);
    window.document.querySelector(".em-bar").insertAdjacentHTML("beforebegin",
      '<div class="em-asked"><p>Where?</p><button type="button" data-do="reveal">Reveal</button></div>');
  });
  const away = () => [halves.querySelector(".em-asked").classList.contains("em-away"), halves.querySelector(".em-over").hidden];
  assert.deepEqual(away(), [false, false]);
  slide(halves, 1, "start");
  assert.deepEqual(away(), [true, true]);
  slide(halves, 0, "start");
  assert.deepEqual(away(), [false, false]);
  markAt(halves, mark(halves), [0.2, 0.7], [0.5, 0.5]);
  slide(halves, 1, "start");
  assert.deepEqual(away(), [true, true]);
  slide(halves, 0, "start");
  press(halves, "reveal");
  assert.match(question(halves), /^You said/);
  assert.deepEqual([halves.start, halves.step], [0, 2]);
  slide(halves, 1, "start");
  assert.deepEqual(away(), [true, true]);
});

test("a ring says what a drag does: of several starts the opening page leads to another one", () => {
  assert.equal(ring(bound).title, "drag: another start");
  press(bound, "E");
  assert.equal(ring(bound).title, "drag: back and forth through the half-steps");
  assert.equal(ring(plain).title, "drag: back and forth");
  plain.go(0, 0);
  assert.equal(ring(plain).title, "drag: back and forth");
  assert.equal(ring(spread).title, "drag: another place");
});

test("a press on a map of places moves its mark to the nearest, and elsewhere nothing", () => {
  const press = (node, where) => node.dispatchEvent(new window.MouseEvent("click", { bubbles: true, ...where }));
  press(ring(spread).parentNode.querySelector("svg"), spot(spread, 0, 0, 7));
  assert.equal(spread.step, 7);
  press(ring(spread), spot(spread, 0, 0, 1)); // the end of a drag
  press(spread.querySelector('[data-panel="1"] svg'), spot(spread, 0, 0, 1));
  press(spread.querySelector(".em-title"), spot(spread, 0, 0, 1));
  assert.equal(spread.step, 7);
  plain.go(0, 0);
  press(ring(plain).parentNode.querySelector("svg"), spot(plain, 0, 0, 3));
  assert.equal(plain.step, 0);
});

test("by keyboard: a mark with one direction follows either pair of arrows, a curve's knots are chosen to the side", () => {
  const [across, height, free, curve] = asked, at = (figure, i = 0) => [...figure.guess.at[i]].map((share) => +share.toFixed(2));
  for (const name of ["ArrowRight", "ArrowUp", "ArrowUp", "ArrowLeft"]) assert.ok(key(mark(across), name));
  assert.deepEqual(at(across), [0.76, 0.7]);
  for (const name of ["ArrowDown", "ArrowLeft", "ArrowUp"]) key(mark(height), name);
  assert.deepEqual(at(height), [0, 0.69]);
  for (const name of ["ArrowDown", "ArrowLeft", "ArrowLeft"]) key(mark(free), name);
  assert.deepEqual(at(free), [0.72, 0.69]);
  for (const name of ["ArrowLeft", "ArrowUp", "ArrowRight", "ArrowRight", "ArrowDown"]) key(mark(curve), name);
  assert.deepEqual([at(curve, 3), at(curve, 4), at(curve, 5)], [[0.38, 0.71], [0.5, 0.7], [0.63, 0.69]]);
  assert.match(beside(curve), /^62.5%,31/);
  assert.equal(mark(curve).getAttribute("aria-valuenow"), "69");
  for (let i = 0; i < 20; i++) key(mark(curve), "ArrowRight");
  assert.equal(curve.guess.knot, 8);
  assert.match(mark(curve).getAttribute("aria-valuetext"), /^6\.70 at 3\.00$/);
});

test("what a prediction misses by, in words that agree with each other", () => {
  const { verdict } = window.parts, axes = { x: [0, 10], y: [0, 10], unit: "", digits: 1 };
  const say = (kind, said, truth, more = {}) => verdict({ ...axes, kind, ...more }, said, truth);
  assert.equal(say("across", [[171.04, 0]], [[168.26, 0]]), "You said 171.0, it is 168.3: 2.7 too far right.");
  assert.equal(say("across", [[171.04, 0]], [[170.96, 5]]), "You said 171.0, and so it is.");
  assert.equal(say("across", [[1, 0]], [[2, 0]], { x: [10, 0] }), "You said 1.0, it is 2.0: 1.0 too far right."); // the axis runs backward
  assert.equal(say("height", [[0, -0.04]], [[0, -1]], { unit: " kg" }), "You said 0.0 kg, it is −1.0 kg: 1.0 kg too high.");
  assert.equal(say("point", [[1, 2]], [[1, 3]]), "You said (1.0, 2.0), it is (1.0, 3.0): 1.0 too low.");
  assert.equal(say("curve", [[1, 2], [2, 3]], [[1, 2.5], [2, 1]]), "Farthest off at 2.0: you said 3.0, it is 1.0: 2.0 too high.");
  assert.equal(say("curve", [[1, 2], [2, 3]], [[1, 2], [2, 3]]), "Your curve is right everywhere.");
  assert.equal(say("point", false, [[1, 3]]), "It is (1.0, 3.0).");
  assert.equal(say("curve", false, [[1, 3], [2, 3]]), "It is the curve that is drawn now.");
});

test("a mark on a logarithmic axis stands at its value", () => {
  const [across] = asked;
  Object.assign(across.book.predict, { log: [true, false], x: [1, 100] });
  assert.equal(across.guess.value(0.5, 0), 10);
  assert.equal(across.guess.value(0.5, 1), 4.5); // between −1 and 10
});

test("neither a handle nor a mark is printed", () => {
  window.dispatchEvent(new window.Event("beforeprint"));
  for (const figure of [plain, asked[0]]) assert.ok(!figure.querySelector(".em-print :is(.em-grab, .em-over)"));
});

const steps = (figure) => [...figure.querySelectorAll(".em-print > div > p")].map(({ textContent }) =>
  figure.book.pages[figure.start].findIndex(([, sentence]) => textContent.startsWith(sentence)));

test("on paper: of half-steps the start, the first two and the last; of other pages four, evenly", () => {
  halves.go(1, 2);
  window.dispatchEvent(new window.Event("beforeprint"));
  assert.deepEqual(steps(halves), [0, 1, 2, 4]);
  assert.ok([...halves.querySelectorAll(".em-print p")].every((p, i) => p.textContent.includes(halves.book.pages[1][[0, 1, 2, 4][i]][2].at(-1))));
  assert.deepEqual(steps(spread), [0, 3, 5, 8]);
});

test("play keeps its pace: a page when the interval is over, the next one an interval later, and a stop at the end", () => {
  plain.go(0, 0);
  const { interval } = plain.book;
  press(plain, "play");
  for (let step = 1; step <= plain.last; step++) {
    pass(interval - 1);
    assert.equal(plain.step, step - 1);
    pass(1);
    assert.equal(plain.step, step);
  }
  pass(interval);
  assert.equal(plain.playing, false);
  assert.equal(plain.querySelector(".em-now").getAttribute("aria-live"), "polite");
  for (let i = 0; i < 40; i++) pass(16);
  assert.equal(waiting.length, 0);
});

test("the first frame of a motion is the drawing that was there, the last the one to come", () => {
  const { between } = window.parts;
  assert.equal(between('x="1" y="2"', 'x="3" y="2"', 0), 'x="1.000" y="2"');
  assert.equal(between('x="1" y="2"', 'x="3" y="2"', 1), 'x="3.000" y="2"');
  assert.equal(between('x="-1"', 'x="3"', 0.25), 'x="0.000"');
});

test("the slider and the named choices follow where the figure goes", () => {
  for (const step of [3, 0]) {
    plain.go(0, step);
    assert.equal(plain.querySelector("input[type=range]").value, String(step));
    assert.equal(plain.querySelector("output").textContent, plain.book.stops[step]);
  }
  halves.go(1, 2);
  assert.ok(halves.querySelector("input[data-do=start][value='1']").checked);
});

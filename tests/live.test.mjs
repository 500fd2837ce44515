// The live scene in a document without a browser: what the hand and the keys do, what is said, what is undone.
// LIVE names a file with scenes as emcore writes them, and what emcore computes for them. SCRIPT may name a mutant.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { beforeEach, test } from "node:test";
import { JSDOM } from "jsdom";

const read = (name) => readFileSync(new URL(`../emcore/figures/${name}`, import.meta.url), "utf8");
const script = ["engine", "column", "picture"].map((name) => read(`${name}.js`)).join("\n") + (process.env.SCRIPT ? readFileSync(process.env.SCRIPT, "utf8") : read("live.js"));
const { markup, expected } = JSON.parse(readFileSync(process.env.LIVE, "utf8"));
let window, waits, coins, three, hard, clock, waiting, reduced, readColumn;

beforeEach(() => open("waits"));

function open(...names) {
  ({ window } = new JSDOM(`<!doctype html><body>${names.map((name) => markup[name]).join("")}</body>`, { runScripts: "outside-only" }));
  [clock, waiting, reduced] = [0, [], true];
  window.matchMedia = () => ({ matches: reduced });
  window.requestAnimationFrame = (run) => waiting.push(run);
  window.cancelAnimationFrame = (number) => { waiting[number - 1] = () => {}; };
  window.performance.now = () => clock;
  window.eval(`${script}\nwindow.readColumn = readColumn;`);
  ({ readColumn } = window);
  const scenes = Object.fromEntries(names.map((name, i) => [name, window.document.querySelectorAll("em-live")[i]]));
  ({ waits, coins, three, hard } = scenes);
}

function pass(ms = 16) { // time goes on, and the browser paints once
  clock += ms;
  const now = waiting;
  waiting = [];
  now.forEach((run) => run());
}

const said = (scene) => scene.querySelector(".em-now").textContent;
const read_ = (scene, what) => scene.querySelector(`[data-sum=${what}]`).textContent;
const close = (a, b, near = 1e-9) => assert.ok(Math.abs(a - b) <= near * (1 + Math.abs(b)), `${a} is not ${b}`);
const handle = (scene, what, k = 0) => scene.querySelector(`[data-grab=${what}][data-k="${k}"]`) ?? scene.querySelector(`[data-grab=${what}]`);
const press = (scene, what) => { scene.querySelector(`button[data-do="${what}"]`).click(); pass(); };
const key = (node, name, more = {}) => { node.dispatchEvent(new window.KeyboardEvent("keydown", { key: name, bubbles: true, cancelable: true, ...more })); pass(); };
const place = (node) => node.getAttribute("transform").match(/-?[\d.]+/g).map(Number);

function drag(node, from, ...stops) {
  const send = (kind, [clientX, clientY], on = node) => on.dispatchEvent(new window.MouseEvent(kind, { clientX, clientY, bubbles: true, cancelable: true }));
  send("pointerdown", from);
  for (const stop of stops) { send("pointermove", stop); pass(); }
  send("pointerup", stops.at(-1) ?? from);
  pass();
}

// Whatever is done, F is not above l, every row of q sums to 1, and the weights do.
function lawful(scene) {
  const { F, l, q, theta, x, record } = scene.now;
  assert.ok(F <= l + 1e-9 * (1 + Math.abs(l)));
  assert.ok(q.length === x.length && q.every((row) => Math.abs(row.reduce((a, b) => a + b) - 1) < 1e-9 && row.every((r) => r >= 0)));
  close(theta.pi.reduce((a, b) => a + b), 1);
  assert.deepEqual({ F: record.at(-1).F, l: record.at(-1).l }, { F, l });
  assert.ok(!/NaN|undefined|Infinity/.test(scene.innerHTML.replace(/<script.*<\/script>/s, "")));
}

test("it opens where emcore says, and its E and M are emcore's, half-step by half-step", () => {
  open("waits", "coins", "three", "hard");
  for (const [scene, steps] of [[waits, expected.waits], [coins, expected.coins], [three, expected.three], [hard, expected.hard]]) {
    close(scene.now.F, steps.F);
    close(scene.now.l, steps.l);
    for (const [i, step] of steps.run.entries()) {
      assert.equal(scene.querySelector(".em-half.em-next").dataset.do, "EM"[i % 2]);
      press(scene, "EM"[i % 2]);
      close(scene.now.F, step.F);
      close(scene.now.l, step.l);
      for (const [name, values] of Object.entries(step.theta)) values.forEach((v, k) => close(scene.now.theta[name][k], v));
      lawful(scene);
    }
    assert.equal(scene.querySelector(".em-deeds").textContent, String(steps.run.length));
  }
});

test("the score is what the state says, with true minus signs", () => {
  assert.equal(read_(waits, "l"), waits.now.l.toFixed(3).replace("-", "−"));
  assert.equal(read_(waits, "F"), waits.now.F.toFixed(3).replace("-", "−"));
  press(waits, "E");
  assert.equal(read_(waits, "gap"), "0.000");
});

test("painting over the bars sets the shares, opens the gap, and leaves l alone", () => {
  press(waits, "E");
  const { l, theta } = waits.now, bars = waits.querySelector("[data-grab=bars]"), { boxes } = waits;
  const [a, b] = [boxes[3], boxes[6]], high = (box, share) => box.floor - share * (box.floor - box.top);
  drag(bars, [(a.left + a.right) / 2, high(a, 0.5)], [(a.left + a.right) / 2, high(a, 0.75)]);
  close(waits.shares(3)[0], 0.75, 1e-6);
  for (const n of waits.now.bins[3].members) close(waits.now.q[n][0], 0.75, 1e-6);
  assert.match(said(waits), /^You moved q: F fell by .*, the gap opened to .*; ℓ stays, for it does not depend on q\.$/);
  assert.equal(waits.now.l, l);
  assert.equal(waits.now.theta, theta);
  assert.equal(waits.now.record.length, 3);
  drag(bars, [a.left + 1, a.floor], [(boxes[4].left + boxes[4].right) / 2, a.floor + 40], [b.left + 2, -50]);
  assert.deepEqual([3, 4, 6].map((i) => waits.shares(i)[0]), [0, 0, 1]);
  const five = boxes[5], crossed = (five.floor - (a.floor + 40 - 50) / 2) / (five.floor - five.top);
  close(waits.shares(5)[0], Math.max(0, Math.min(1, crossed)), 1e-6); // a quick hand leaves no bar out
  assert.equal(waits.now.record.length, 4); // a sweep is one deed
  lawful(waits);
  press(waits, "E");
  assert.match(said(waits), /touches ℓ, the gap is closed/);
});

test("with three components a divider pushes the others and none is ever stuck", () => {
  open("three");
  const bars = three.querySelector("[data-grab=bars]"), i = three.bars[0], box = three.boxes[i], middle = (box.left + box.right) / 2;
  drag(bars, [middle, box.floor - 0.3 * (box.floor - box.top)], [middle, -100]);
  assert.deepEqual([...three.shares(i)], [1, 0, 0]);
  drag(bars, [middle, box.top + 1], [middle, box.floor + 100]);
  close(three.shares(i)[0], 0);
  lawful(three);
  const one = handle(three, "divider", 0);
  key(one, "ArrowUp", { shiftKey: true });
  close(three.shares(i)[0], 0.25);
});

test("a divider by the keyboard: left and right choose the bar, up and down move it", () => {
  const grip = handle(waits, "divider"), before = grip.getAttribute("aria-valuetext"), i = waits.bars[0];
  assert.match(before, /^50% of the \d+ from [\d.]+ to [\d.]+$/);
  key(grip, "ArrowLeft");
  assert.notEqual(grip.getAttribute("aria-valuetext"), before);
  assert.ok(waits.bars[0] < i);
  key(grip, "ArrowUp");
  close(waits.shares(waits.bars[0])[0], 0.55);
  assert.equal(grip.getAttribute("aria-valuenow"), "55.0000");
  key(grip, "ArrowDown", { shiftKey: true });
  close(waits.shares(waits.bars[0])[0], 0.3);
  assert.equal(waits.now.record.length, 2);
  key(grip, "ArrowLeft");
  for (let n = 0; n < 28; n++) key(grip, "ArrowLeft");
  assert.equal(waits.bars[0], waits.now.bins.findIndex(({ members }) => members.length));
});

test("a curve's number is taken across for the mean and up for the weight, its side for the width", () => {
  const top = handle(waits, "top", 1), [x, y] = place(top), { l } = waits.now, at = waits.scale.px(waits.now.theta.mu[1]);
  drag(top, [x, y], [x + 30, y]);
  close(waits.now.theta.mu[1], waits.scale.value(at + 30), 1e-6);
  close(waits.now.theta.pi[1], 0.5, 1e-9);
  assert.match(said(waits), /^You moved θ: F (rose|fell) by .*, ℓ (rose|fell) by .*; the gap (opened|shrank) to .*\.$/);
  assert.notEqual(waits.now.l, l);
  drag(top, place(top), [place(top)[0], place(top)[1] + 20]);
  assert.ok(waits.now.theta.pi[1] < 0.45 && waits.now.theta.pi[0] > 0.55);
  const width = handle(waits, "width", 0), { sigma } = waits.now.theta;
  drag(width, place(width), [place(width)[0] - 10, 0]);
  assert.ok(waits.now.theta.sigma[0] < sigma[0] && waits.now.theta.sigma[1] === sigma[1]);
  lawful(waits);
});

test("handles stop at the edges: nothing leaves the axes, no weight and no width becomes 0", () => {
  for (const [what, far] of [["top", [5000, 5000]], ["top", [-5000, -5000]], ["width", [9000, 0]]]) {
    drag(handle(waits, what), place(handle(waits, what)), far);
    lawful(waits);
    const { pi, mu, sigma } = waits.now.theta;
    assert.ok(mu.every((m) => m >= waits.now.edges[0] && m <= waits.now.edges.at(-1)) && pi.every((p) => p >= 0.009) && sigma.every((s) => s > 0));
  }
  drag(handle(waits, "width"), place(handle(waits, "width")), [waits.scale.px(waits.now.theta.mu[0]), 0]);
  assert.ok(waits.now.theta.sigma[0] > 0);
  lawful(waits);
});

test("a width pulled past its number stays the smallest on its own side, and comes back on that side", () => {
  const width = handle(waits, "width"), [x, y] = place(width), mu = waits.scale.px(waits.now.theta.mu[0]), { sigma } = waits.now.theta;
  drag(width, [x, y], [mu, y], [mu - (x - mu), y]);
  close(waits.now.theta.sigma[0], (waits.scale.hi - waits.scale.lo) / 300);
  assert.ok(place(width)[0] >= Math.round(mu));
  const far = place(width);
  drag(width, far, [waits.scale.right + 60, y]); // past the edge it does not change sides while it is held
  assert.ok(waits.now.theta.sigma[0] > sigma[0]);
  lawful(waits);
});

test("the record holds what stands now: F is seen to move while the gap is open, and the axis only sinks", () => {
  open("waits", "coins", "three", "hard");
  const spots = (scene) => ["F", "l"].map((role) => scene.querySelector(`circle.em-${role}-dot`)?.getAttribute("cy"));
  const names = (scene) => ["F", "l"].map((role) => +scene.querySelector(`.em-${role}-name`).getAttribute("y"));
  for (const scene of [waits, coins, three, hard]) {
    let low = scene.now.low, seen;
    for (const deed of ["", "ArrowUp", "ArrowUp", "ArrowDown", "E", "ArrowDown", "M", "E"]) {
      if (deed.length === 1) press(scene, deed); else if (deed) key(handle(scene, "divider"), deed, { shiftKey: true });
      const [F, l] = spots(scene), [nameF, namel] = names(scene);
      assert.ok(F && l && +F <= 248 && +l >= 30, "both stand on the axis");
      assert.ok(nameF - namel >= 14.9 && nameF <= 244, "the names are apart, and above the axis");
      assert.ok(scene.now.low <= scene.now.F && (scene.now.low <= low || scene.now.low === scene.now.least));
      if (deed.startsWith("Arrow") && !scene.now.hard) assert.notEqual(F, seen);
      [low, seen] = [scene.now.low, F];
    }
  }
  const high = waits.now.high, most = { ...waits.now, F: -9000, l: -400, high: -300, least: -600, record: [{ l: -310 }] };
  assert.ok(waits.foot(most, -600) < -9000); // the gap is open
  assert.equal(waits.foot({ ...most, F: -400 }, -9500), -600); // closed, and the climb would be a hair's breadth
  assert.equal(waits.foot({ ...most, F: -400, record: [{ l: -2000 }] }, -9500), -9500); // closed: it stays
  assert.ok(high >= waits.now.l);
});

test("the half-step that is lit can be done: M after q by hand, E where M cannot be and after the data have changed", () => {
  const lit = () => waits.querySelector(".em-next").dataset.do;
  key(handle(waits, "divider"), "ArrowUp");
  assert.equal(lit(), "M");
  press(waits, "add");
  assert.equal(lit(), "E");
  key(handle(waits, "divider"), "ArrowUp");
  key(handle(waits, "datum"), "ArrowUp");
  assert.equal(lit(), "E");
  drag(waits.querySelector("[data-grab=bars]"), [0, 500], ...waits.boxes.map(({ left, right }) => [(left + right) / 2, 500]));
  assert.equal(lit(), "E");
  press(waits, "M");
  assert.equal(lit(), "E");
});

test("keys e and m do what the buttons do, but not while words are typed or a key is held down", () => {
  const theta = waits.now.theta, one = handle(waits, "top");
  key(one, "e");
  assert.equal(read_(waits, "gap"), "0.000");
  key(waits.querySelector("[data-do=machine]"), "M");
  assert.notEqual(waits.now.theta, theta);
  const { record } = waits.now;
  for (const [node, more] of [[waits.querySelector("textarea"), {}], [one, { ctrlKey: true }], [one, { repeat: true }]]) key(node, "e", more);
  assert.equal(waits.now.record, record);
});

test("Home and End take each handle to its ends, and Tab goes from number to width, curve by curve, then to the dividers and the point", () => {
  open("waits", "coins", "three", "hard");
  for (const scene of [waits, coins, three, hard]) {
    for (const node of scene.querySelectorAll("[role=slider]")) {
      const values = ["End", "Home"].map((end) => { key(node, end); lawful(scene); return +node.getAttribute("aria-valuenow"); });
      const [low, high] = ["min", "max"].map((end) => +node.getAttribute(`aria-value${end}`));
      if (node.dataset.grab === "datum") assert.deepEqual(values, [Math.max(...scene.now.x), Math.min(...scene.now.x)]);
      else if (!scene.now.hard) [high, low].forEach((end, i) => assert.ok(Math.abs(values[i] - end) <= 0.011 * (high - low)));
    }
  }
  const order = (scene) => [...scene.querySelectorAll("[role=slider]")].map(({ dataset: { grab, k } }) => grab + k).join(" ");
  assert.equal(order(waits), "top0 width0 top1 width1 divider0 datum0");
  assert.equal(order(three), "top0 width0 top1 width1 top2 width2 divider0 divider1 datum0");
  assert.match(handle(three, "divider", 1).getAttribute("aria-label"), /Left and Right choose the bar, Up and Down move/);
});

test("every handle has a name, a value in its range and words for it, and the arrows move it", () => {
  open("waits", "coins", "three", "hard");
  for (const scene of [waits, coins, three, hard]) {
    for (const node of scene.querySelectorAll("[role=slider]")) {
      const [now, low, high] = ["now", "min", "max"].map((end) => Number(node.getAttribute(`aria-value${end}`)));
      assert.ok(node.getAttribute("aria-label") && node.getAttribute("aria-valuetext") && low <= now && now <= high && node.tabIndex === 0, node.outerHTML);
      const before = node.getAttribute("aria-valuetext");
      key(node, "ArrowRight");
      assert.notEqual(node.getAttribute("aria-valuetext"), before, node.getAttribute("aria-label"));
      lawful(scene);
    }
  }
  assert.equal(hard.querySelectorAll("[data-grab=width]").length, 0);
});

test("undo takes back deed by deed, by button and by key, to the start", () => {
  const { q, theta } = waits.now;
  press(waits, "E");
  key(handle(waits, "top"), "ArrowRight");
  key(handle(waits, "top"), "ArrowRight");
  press(waits, "M");
  press(waits, "undo");
  assert.equal(said(waits), `Undone: back to F ${read_(waits, "F")}, ℓ ${read_(waits, "l")}.`);
  key(handle(waits, "top"), "z", { ctrlKey: true });
  assert.equal(waits.now.record.length, 2); // two presses of one handle are one deed
  key(handle(waits, "top"), "z", { metaKey: true });
  assert.deepEqual([waits.now.q, waits.now.theta], [q, theta]);
  assert.equal(waits.querySelector("[data-do=undo]").getAttribute("aria-disabled"), "true");
  press(waits, "undo");
  assert.deepEqual([waits.now.q, waits.now.theta], [q, theta]);
});

test("K changes the number of components, with a start of its own and a fresh record; reset leads back", () => {
  const radio = waits.querySelector("input[type=radio][value='3']");
  press(waits, "E");
  radio.checked = true;
  radio.dispatchEvent(new window.Event("change", { bubbles: true }));
  pass();
  assert.equal(waits.now.theta.pi.length, 3);
  assert.equal(waits.querySelectorAll("[data-grab=divider]").length, 2);
  assert.equal(waits.querySelector(".em-ticks").getAttribute("d").match(/M/g).length, waits.now.x.length);
  assert.equal(waits.now.record.map(({ kind }) => kind).join(), "start");
  assert.ok(waits.now.theta.mu[0] > waits.now.theta.mu[1] && waits.now.theta.mu[1] > waits.now.theta.mu[2]);
  lawful(waits);
  press(waits, "E");
  press(waits, "M");
  lawful(waits);
  press(waits, "undo");
  press(waits, "undo");
  press(waits, "undo");
  assert.equal(waits.now.theta.pi.length, 2);
  press(waits, "reset");
  close(waits.now.l, expected.waits.l);
});

test("any K will do, with one component too, and your own few points with four", () => {
  open("waits", "coins");
  for (const scene of [waits, coins]) {
    for (const K of [1, 2, 3, 4]) {
      scene.begin(scene.now.x, K, {}, "new");
      for (const what of ["E", "M", "E", "machine"]) {
        press(scene, what);
        lawful(scene);
      }
      drag(scene.querySelector("[data-grab=bars]"), [100, 100], [300, 50]);
      lawful(scene);
    }
  }
  waits.querySelector("textarea").value = "1\n2\n4";
  press(waits, "use");
  press(waits, "machine");
  assert.match(said(waits), /^The machine (rests|had to stop) at ℓ = /);
  lawful(waits);
});

test("data: the arrows choose a point, up and down move it, Enter adds one, Delete removes it", () => {
  const datum = handle(waits, "datum"), N = waits.now.x.length, before = datum.getAttribute("aria-valuetext");
  key(datum, "ArrowRight", { shiftKey: true });
  assert.match(said(waits), /^x = .*: the posterior is \(.*\), its q is \(0\.50, 0\.50\)\.$/);
  const [n, v] = [waits.datum, waits.now.x[waits.datum]];
  assert.notEqual(datum.getAttribute("aria-valuetext"), before);
  key(datum, "ArrowUp");
  assert.ok(waits.now.x[n] > v);
  key(datum, "ArrowLeft", { altKey: true });
  close(waits.now.x[n], v, 1e-6);
  key(datum, "Enter");
  assert.equal(waits.now.x.length, N + 1);
  lawful(waits);
  key(datum, "Delete");
  assert.equal(waits.now.x.length, N);
  press(waits, "add");
  assert.equal(waits.now.x.length, N + 1);
  lawful(waits);
});

const TOLD = /^You changed the data: F (rose|fell) by .*, ℓ (rose|fell) by .*; the gap .*\. x = .*: the posterior is \(.*\), its q is \(.*\)\.$/;

test("what a moved point did to F and l is said before its posterior, by mouse and by keyboard, while it is dragged too", () => {
  const rug = waits.querySelector("[data-grab=rug]"), spot = waits.scale.px(waits.now.x[0]);
  const send = (kind, clientX) => { rug.dispatchEvent(new window.MouseEvent(kind, { clientX, clientY: 260, bubbles: true, cancelable: true })); pass(); };
  send("pointerdown", spot);
  assert.match(said(waits), /^x = /);
  send("pointermove", spot + 20);
  assert.match(said(waits), TOLD);
  send("pointerup", spot + 20);
  assert.match(said(waits), TOLD);
  key(handle(waits, "datum"), "ArrowRight");
  assert.match(said(waits), /^x = /); // another point, that nobody moved
  key(handle(waits, "datum"), "ArrowUp");
  assert.match(said(waits), TOLD);
  press(waits, "E");
  handle(waits, "datum").dispatchEvent(new window.Event("focusin", { bubbles: true }));
  assert.match(said(waits), /^x = /); // the deed since then is another
});

test("a new start says what is true of it: every share is the same, and one component has all", () => {
  for (const [K, says] of [[1, /nothing to share out/], [2, /Half and half: nobody/], [3, /A third each/], [4, /A quarter each/]]) {
    const radio = waits.querySelector(`input[type=radio][value='${K}']`);
    radio.checked = true;
    radio.dispatchEvent(new window.Event("change", { bubbles: true }));
    assert.match(said(waits), says);
  }
});

test("data: a press on the empty strip adds a point, a press on a point takes it along, a double click removes it", () => {
  const rug = waits.querySelector("[data-grab=rug]"), N = waits.now.x.length, spot = waits.scale.px(61.0); // nobody waited 61 minutes
  assert.ok(!waits.now.x.includes(61));
  drag(rug, [spot, 260]);
  assert.equal(waits.now.x.length, N + 1);
  close(waits.now.x.at(-1), 61, 0.01);
  drag(rug, [spot, 260], [spot + 30, 260]);
  assert.equal(waits.now.x.length, N + 1);
  assert.ok(waits.now.x.at(-1) > 64);
  assert.match(said(waits), TOLD);
  rug.dispatchEvent(new window.MouseEvent("dblclick", { bubbles: true }));
  pass();
  assert.equal(waits.now.x.length, N);
});

test("coins: heads stay whole and within the tosses, and p stays off 0 and 1", () => {
  open("coins");
  const datum = handle(coins, "datum");
  for (let i = 0; i < 15; i++) key(datum, "ArrowUp");
  assert.equal(coins.now.x[coins.datum], coins.book.tosses);
  for (let i = 0; i < 30; i++) key(handle(coins, "top"), "ArrowRight", { shiftKey: true });
  close(coins.now.theta.p[0], 0.99);
  lawful(coins);
});

test("hard: E gives all or nothing, M moves the means alone, and the hand paints 0 or 1", () => {
  open("hard");
  const { pi, sigma } = hard.now.theta;
  press(hard, "E");
  assert.ok(hard.now.q.every((row) => row.filter((r) => r === 1).length === 1));
  assert.match(said(hard), /all or nothing: .* a gap of .* is left/);
  press(hard, "M");
  assert.deepEqual([hard.now.theta.pi, hard.now.theta.sigma], [pi, sigma]);
  key(handle(hard, "divider"), "ArrowDown", { shiftKey: true });
  assert.ok(hard.now.q.every((row) => row.filter((r) => r === 1).length === 1));
  const box = hard.querySelector("[data-do=hard]");
  box.checked = false;
  box.dispatchEvent(new window.Event("change", { bubbles: true }));
  press(hard, "E");
  assert.match(said(hard), /touches ℓ/);
});

test("the machine does the same from the same start, in view or at once, says both scores, and undo brings yours back", () => {
  open("waits", "three");
  reduced = false;
  key(handle(waits, "top"), "ArrowRight");
  const mine = waits.now;
  press(waits, "machine");
  assert.equal(waits.querySelector("[data-do=machine]").textContent, "Stop");
  pass(300);
  assert.match(said(waits), /^The machine: E, half-step 1\.$/);
  for (let i = 0; i < 60 && waits.running; i++) pass(300);
  assert.match(said(waits), /^The machine rests at ℓ = .* after \d+ half-steps; you had ℓ = .* after 1: the machine's is higher by .*\. Undo brings yours back\.$/);
  close(waits.now.l, expected.waits.end, 1e-8);
  close(waits.now.record[0].l, expected.waits.l);
  close(waits.now.record[0].F, expected.waits.F);
  assert.ok(waits.querySelector(".em-machine"));
  press(waits, "undo");
  assert.equal(waits.now, mine);
  assert.ok(waits.querySelector(".em-machine"));
  press(three, "machine");
  three.begin(three.now.x, 2, {}, "new"); // a new start ends the machine's run
  for (let i = 0; i < 3; i++) pass(300);
  assert.equal(three.now.record.length, 1);
  reduced = true;
  press(three, "machine");
  assert.match(said(three), /rests at/);
});

test("what cannot be done is said in words, and nothing is lost", () => {
  const grip = handle(waits, "divider");
  const everything = waits.querySelector("[data-grab=bars]");
  drag(everything, [0, 500], ...waits.boxes.map(({ left, right }) => [(left + right) / 2, 500]));
  assert.ok(waits.now.q.every(([r]) => r === 0));
  const { theta } = waits.now;
  press(waits, "M");
  assert.match(said(waits), /^M cannot be done: component 1 has lost all its data/);
  assert.equal(waits.now.theta, theta);
  press(waits, "undo"); // what was refused is no deed
  assert.ok(waits.now.q.every(([r]) => r === 0.5));
  assert.ok(grip);
  lawful(waits);
});

test("E and M glide, unless motion is unwelcome; what is said and scored is there at once", () => {
  reduced = false;
  const share = () => waits.querySelector(".em-share").getAttribute("d"), before = share();
  waits.press("E");
  const F = waits.now.F;
  assert.equal(read_(waits, "F"), F.toFixed(3).replace("-", "−"));
  pass(100);
  const middle = share();
  pass(200);
  const end = share();
  assert.ok(before !== middle && middle !== end);
  pass();
  assert.equal(waiting.length, 0);
  open("waits");
  waits.press("E");
  pass();
  assert.equal(waits.querySelector(".em-share").getAttribute("d"), end);
});

test("a number shows the sum that it comes from", () => {
  for (const [what, begins] of [["l", "ℓ = Σ log p(xₙ) = "], ["F", "F = Σ q log p(x, z) − Σ q log q = "], ["gap", "How far q is from the posterior, summed over the data: ℓ − F = Σ KL(qₙ ‖ posterior) = "]]) {
    const node = waits.querySelector(`[data-sum=${what}]`);
    node.dispatchEvent(new window.Event("focusin", { bubbles: true }));
    assert.ok(said(waits).startsWith(begins) && said(waits).endsWith(`= ${node.textContent}.`), said(waits));
    node.dispatchEvent(new window.Event("focusout", { bubbles: true }));
    assert.ok(!said(waits).startsWith(begins));
  }
});

test("a pasted column becomes the data; lines that cannot be read are told", () => {
  open("waits", "coins");
  waits.querySelector("textarea").value = "waits\n12.5\n13\noops\n20\n21.25\n";
  press(waits, "use");
  assert.deepEqual([...waits.now.x], [12.5, 13, 20, 21.25]);
  const told = waits.querySelector(".em-read").textContent;
  assert.match(told, /4 numbers are read\..*Line 1, “waits”, is the heading\..*Line 4, “oops”, is no number\./);
  assert.ok(waits.now.edges[0] <= 12.5 && waits.now.edges.at(-1) >= 21.25);
  lawful(waits);
  press(waits, "machine");
  lawful(waits);
  coins.querySelector("textarea").value = "3\n4.5\n11\n7";
  press(coins, "use");
  assert.deepEqual([...coins.now.x], [3, 7]);
  assert.match(coins.querySelector(".em-read").textContent, /“4\.5”, is no whole number from 0 to 10/);
});

test("own data have a title, and a histogram from ten numbers on; reset and undo bring the old title back, and the picture is in view", () => {
  const title = () => waits.querySelector(".em-title").textContent, old = title(), seen = [];
  window.HTMLElement.prototype.scrollIntoView = function ({ behavior }) { seen.push(this.localName, behavior); };
  const use = (text) => { waits.querySelector("textarea").value = text; press(waits, "use"); };
  use("5");
  assert.deepEqual([title(), seen], [old, []]);
  use(Array.from({ length: 20 }, (_, i) => i * i).join("\n"));
  assert.equal(title(), "Your data: 20 numbers");
  assert.equal(waits.plot.getAttribute("aria-label"), title());
  assert.deepEqual(seen, ["em-live", "instant"]);
  assert.equal(waits.now.bins.length, waits.now.edges.length - 1);
  press(waits, "undo");
  assert.equal(title(), old);
  use("1,200\n950\n870");
  assert.deepEqual([...waits.now.x], [1200, 950, 870]);
  assert.match(said(waits), /“1,200” is read as 1200/);
  assert.equal(waits.now.bins.length, 3); // a few numbers have a block each
  press(waits, "reset");
  assert.equal(title(), old);
});

test("a comma that may group digits or be a decimal point is told, with what it was read as", () => {
  for (const [text, x, told] of [
    ["950\n1,200\n870", [950, 1200, 870], "“1,200” is read as 1200"],
    ["950 1,200 12,000", [950, 1200, 12000], "“1,200” is read as 1200"],
    ["950.5\n1,200.25", [950.5, 1200.25], "“1,200.25” is read as 1200.25"],
    ["1,200\n2,350", [1.2, 2.35], "“1,200” is read as 1.2"],
    ["a;1,200\nb;950", [1.2, 950], "“1,200” is read as 1.2"],
    ["0,125\n3", [0.125, 3], "A comma is read as a decimal point"],
    ["1,5\n2", [1.5, 2], "A comma is read as a decimal point"],
    ["100,200,300", [100, 200, 300], "3 numbers are read."],
  ]) {
    const read = readColumn(text);
    assert.deepEqual([...read.x], x, text);
    assert.ok(read.says.join(" ").includes(told), read.says.join(" "));
  }
});

test("columns are read as people write them", () => {
  const x = (text) => { const { x } = readColumn(text); return x && [...x]; };
  assert.deepEqual(x("1\n2\n\n3"), [1, 2, 3]);
  assert.deepEqual(x("1,5\n2,5\n-3,25"), [1.5, 2.5, -3.25]);
  assert.deepEqual(x("a;b\nx;1,5\ny;2"), [1.5, 2]);
  assert.deepEqual(x("1,2\n3,4.5"), [1, 3]);
  assert.deepEqual(x("1, 2, 3"), [1, 2, 3]);
  assert.deepEqual(x("name\tvalue\nb\t1e3\nc\t−2"), [1000, -2]);
  assert.deepEqual(x("4 5 6"), [4, 5, 6]);
  assert.deepEqual(x("\uFEFFh\r\n1\r\n2\r\n"), [1, 2]);
  assert.equal(x("5\n5\n5"), null);
  assert.equal(x(""), null);
  assert.equal(x("hello"), null);
  assert.equal(readColumn(Array.from({ length: 2500 }, (_, i) => i).join("\n")).x.length, 2000);
  assert.match(readColumn("1\n2\nx\nx\nx\nx\nx\nx\nx\n3\n4\n5\n6\n7\n8").says.join(" "), /So it is with 2 more\./);
  assert.match(readColumn("a,b,c\nu,1,2\nv,3,4").says.join(" "), /Of 3 columns, number 2 is read\./);
});

test("removed from the page it rests", () => {
  reduced = false;
  press(waits, "machine");
  waits.remove();
  const { record } = waits.now;
  for (let i = 0; i < 5; i++) pass(400);
  assert.equal(waits.now.record, record);
});

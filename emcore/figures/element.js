// The pages of a figure that Python drew, turned by native controls. No mathematics and no framework: it shows what
// each page holds, and moves what is drawn on one page to where it is drawn on the next.
const MORPH_MS = 250;
const NUMBER = /(?<![\w#.-])-?\d+(?:\.\d+)?(?!\w)/g;
const shape = (svg) => svg.replace(NUMBER, "0");
const words = (svg) => String(svg.match(/>[^<]+</g));
const canMorph = (from, to) => Boolean(from && to) && shape(from) === shape(to) && words(from) === words(to);

// The drawing a share of the way from one to the other; three decimals, so that the smallest move begins at once.
function between(from, to, share) {
  const start = from.match(NUMBER) || [];
  let i = 0;
  return to.replace(NUMBER, (end) => {
    const begin = start[i++];
    return begin === end ? end : (+begin + (end - begin) * share).toFixed(3);
  });
}

// Of places in percent of a panel, the one nearest to a point in its pixels; of equals, the first. A walk goes sideways.
function nearest(places, [x, y], { width, height }, walk) {
  const far = places.map(({ spot }) => Math.hypot(spot[0] / 100 * width - x, walk ? 0 : spot[1] / 100 * height - y));
  return places[far.indexOf(Math.min(...far))];
}

// A number as the page writes it: true minus signs, and none before a zero.
const say = (value, { digits, unit }) => value.toFixed(digits).replace(/^-(?=[0.]*$)/, "").replace("-", "−") + unit;

// In which directions a prediction can be off: sideways (0), up and down (1).
const SIDES = { across: [0], height: [1], curve: [1], point: [0, 1] };

// What a prediction misses by, in words. said and truth: places in data, one, or the knots of a curve; no said: none.
function verdict(asked, said, truth) {
  const { kind, digits, x, y } = asked, round = (value) => +value.toFixed(digits), told = (value) => say(value, asked);
  const miss = (i, axis) => {
    const far = round(round(said[i][axis]) - round(truth[i][axis])), [from, to] = [x, y][axis];
    return far && `${told(Math.abs(far))} too ${[["far left", "far right"], ["low", "high"]][axis][+(far > 0 === to > from)]}`;
  };
  const tell = (place) => (kind === "point" ? `(${place.map(told).join(", ")})` : told(place[+(kind !== "across")]));
  if (!said) return kind === "curve" ? "It is the curve that is drawn now." : `It is ${tell(truth[0])}.`;
  const worst = said.map(([, height], i) => Math.abs(height - truth[i][1])), i = worst.indexOf(Math.max(...worst));
  const misses = SIDES[kind].map((axis) => miss(i, axis)).filter(Boolean);
  const where = kind === "curve" ? `Farthest off at ${told(truth[i][0])}: you` : "You";
  if (!misses.length) return kind === "curve" ? "Your curve is right everywhere." : `You said ${tell(said[i])}, and so it is.`;
  return `${where} said ${tell(said[i])}, it is ${tell(truth[i])}: ${misses.join(" and ")}.`;
}

// What the reader marks on the axes before the figure shows it: one place, or the knots of a curve, each as shares of
// the axes from their lower left.
class Guess {
  constructor(asked, panel) {
    Object.assign(this, { asked, sides: SIDES[asked.kind] });
    this.over = document.createElement("div");
    this.over.className = "em-over";
    this.over.innerHTML = `<svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true"><path></path></svg>
      <span class="em-grab em-mark" role="slider" tabindex="0" aria-valuemin="0" aria-valuemax="100"></span>`;
    ["left", "top", "width", "height"].forEach((side, i) => { this.over.style[side] = `${asked.box[i]}%`; });
    this.over.classList.toggle("em-canvas", this.paints);
    [this.path, this.ring] = [this.over.querySelector("path"), this.over.querySelector("span")];
    this.ring.setAttribute("aria-label", asked.question);
    this.ring.classList.toggle("em-inside", !this.sides.includes(0)); // what does not go sideways is not over the edge
    panel.append(this.over);
    this.clear();
  }

  get paints() { return this.asked.kind === "curve"; }
  get places() { return this.at.map((place) => place.map((share, axis) => this.value(share, axis))); }

  clear() {
    this.at = this.asked.places.map((place) => [...place]);
    [this.knot, this.touched, this.done] = [this.at.length >> 1, false, false];
    this.show();
  }

  value(share, axis) { // where that is in the data
    const [from, to] = [this.asked.x, this.asked.y][axis];
    return this.asked.log[axis] ? from * (to / from) ** share : from + (to - from) * share;
  }

  holds(node) { return !this.done && (node === this.ring || (this.paints && node === this.over)); }

  set(knot, place) {
    for (const axis of this.sides) this.at[knot][axis] = Math.max(0, Math.min(1, place[axis]));
    [this.knot, this.touched] = [knot, true];
    this.show();
  }

  shares([x, y]) {
    const box = this.over.getBoundingClientRect();
    return [(x - box.left) / box.width, 1 - (y - box.top) / box.height];
  }

  pull(place) { this.set(0, this.shares(place)); }

  // A sweep sets every knot between where it was and where it is, and those at the ends before it gets there.
  paint(place, from) {
    const [x, y] = this.shares(place), far = this.at.map(([knot]) => Math.abs(knot - x)), before = from ? this.shares(from)[0] : x;
    const ends = { 0: x < this.at[1][0], [this.at.length - 1]: x > this.at.at(-2)[0] };
    this.at.forEach(([knot], i) => { if (ends[i] || (knot - x) * (knot - before) < 0) this.set(i, [knot, y]); });
    this.set(far.indexOf(Math.min(...far)), [x, y]);
  }

  // An arrow key: of a curve's, those to the side choose the knot; a mark that has one direction follows either pair.
  press(right, up) {
    const { knot, sides } = this, [x, y] = this.at[knot];
    if (this.paints && right) this.knot = Math.max(0, Math.min(this.at.length - 1, knot + right));
    else if (sides.length === 1) this.set(knot, [x + (right + up) / 100, y + (right + up) / 100]);
    else this.set(knot, [x + right / 100, y + up / 100]);
    this.show();
  }

  show() {
    const at = this.at.map(([x, y]) => [100 * x, 100 - 100 * y]), [x, y] = at[this.knot];
    this.path.setAttribute("d", {
      across: `M${x} 0V100`, height: `M${Math.max(0, x - 8)} ${y}H${Math.min(100, x + 8)}`, point: `M${x - 5} ${y}H${x + 5}M${x} ${y - 5}V${y + 5}`,
      curve: `M${at.join("L")}`,
    }[this.asked.kind]);
    [x, y].forEach((share, axis) => { this.ring.style.setProperty(["--x", "--y"][axis], `${share}%`); });
    this.ring.hidden = this.done;
    const [across, height] = this.places[this.knot].map((value) => say(value, this.asked));
    const text = { across, height, point: `(${across}, ${height})`, curve: `${height} at ${across}` }[this.asked.kind];
    this.ring.setAttribute("aria-valuenow", Math.round(100 * this.at[this.knot][this.sides.at(-1)]));
    this.ring.setAttribute("aria-valuetext", text);
  }
}

class EmFigure extends (globalThis.HTMLElement ?? Object) {
  connectedCallback() {
    const script = this.querySelector("script[type='application/json']");
    if (!script) return void addEventListener("DOMContentLoaded", () => this.connectedCallback(), { once: true });
    if (this.book) return;
    this.book = JSON.parse(script.textContent);
    [this.start, this.step, this.playing] = [0, this.book.at, false];
    this.slots = [];
    for (const slot of this.querySelectorAll("[data-slot]")) this.slots[slot.dataset.slot] = slot;
    this.shown = this.slots.map((_, i) => this.book.parts[this.page[0][i]]);
    this.addEventListener("click", ({ target, clientX, clientY }) => {
      const button = target.closest("button");
      if (button?.dataset.to) this.move(...button.dataset.to.split(",").map(Number));
      else if (button) this.press(button.dataset.do);
      else this.tap(target, [clientX, clientY]);
    });
    this.addEventListener("input", ({ target }) => {
      this.play(false);
      this.move(...(target.dataset.do === "start" ? [+target.value, this.step] : [this.start, +target.value]));
    });
    this.handles = this.book.handles.map((handle) => this.ring(handle));
    this.addEventListener("pointerdown", (event) => this.grab(event));
    this.addEventListener("pointermove", (event) => this.drag(event));
    for (const end of ["pointerup", "pointercancel", "lostpointercapture"]) this.addEventListener(end, (event) => this.letGo(event));
    this.addEventListener("keydown", (event) => this.arrow(event));
    if (this.book.predict) this.ask();
    this.printing = () => this.layOutForPrint();
    addEventListener("beforeprint", this.printing);
    this.tell();
    this.classList.add("em-alive");
  }

  disconnectedCallback() {
    cancelAnimationFrame(this.request);
    removeEventListener("beforeprint", this.printing);
  }

  get page() { return this.book.pages[this.start][this.step]; }
  get last() { return this.book.stops.length - 1; }
  get next() { return this.step < this.last ? this.book.kinds[this.step + 1] : undefined; }

  press(what) {
    if (what !== "play") this.play(false);
    if (what === "back") this.move(this.start, this.step - 1);
    if (what === "next" || (what === this.next && what)) this.move(this.start, this.step + 1);
    if (what === "reset") this.move(this.start, this.book.at);
    if (what === "play") this.play(!this.playing);
    if (what === "reveal") this.reveal();
  }

  // A move by the reader: shown, and told to whoever listens.
  move(start, step) {
    this.go(start, step);
    this.dispatchEvent(new CustomEvent("em-move", { detail: { start: this.start, step: this.step } }));
  }

  go(start, step) {
    step = Math.max(0, Math.min(this.last, step));
    if (start === this.start && step === this.step) return;
    [this.start, this.step] = [start, step];
    this.tell();
    this.turn();
  }

  play(on) {
    if (this.playing === on) return;
    if (on && this.step === this.last) this.move(this.start, 0);
    [this.playing, this.since] = [on, performance.now()];
    this.querySelector(".em-now").setAttribute("aria-live", on ? "off" : "polite"); // no flood of words
    this.tell();
    if (on) this.request ??= requestAnimationFrame(() => this.tick());
  }

  // A handle's ring, on the mark that it drags. Its way by keyboard is the slider; where there is none it is one itself.
  ring(handle) {
    const ring = document.createElement("span");
    ring.className = "em-grab";
    const traits = handle.name ? { role: "slider", tabindex: 0, "aria-label": handle.name, "aria-valuemin": 0, "aria-valuemax": this.last }
      : { "aria-hidden": true };
    for (const [name, value] of Object.entries(traits)) ring.setAttribute(name, value);
    if (handle.name) this.openPicture();
    this.querySelector(`.em-picture > [data-panel="${handle.panel}"]`)?.append(ring);
    return { ...handle, ring };
  }

  // An image holds nothing to operate: with a handle that has a focus the picture is a group, and its drawings are silent.
  openPicture() {
    this.querySelector(".em-picture").setAttribute("role", "group");
    for (const svg of this.querySelectorAll(".em-picture svg")) svg.setAttribute("aria-hidden", true);
  }

  grab(event) {
    const handle = this.handles.find(({ ring }) => ring === event.target), node = event.target;
    if (!(handle || this.guess?.holds(node)) || event.button || this.held) return;
    event.preventDefault(); // nothing is selected
    if (node.tabIndex >= 0) node.focus({ preventScroll: true });
    this.play(false);
    const box = node.getBoundingClientRect(), opening = handle && this.leads(handle);
    node.setPointerCapture(event.pointerId);
    node.classList.add("em-held-fast");
    const off = [event.clientX - box.left - box.width / 2, event.clientY - box.top - box.height / 2];
    const to = handle ? (place) => this.pull(handle, opening, place) : (place) => this.guess.pull(place);
    this.held = { node, id: event.pointerId, to: ({ clientX, clientY }) => to([clientX - off[0], clientY - off[1]]) };
    if (handle || !this.guess.paints) return;
    let before;
    this.held.to = ({ clientX, clientY }) => {
      this.guess.paint([clientX, clientY], before);
      before = [clientX, clientY];
    };
    this.held.to(event);
  }

  // A prediction stands until it is cleared; who only wants to turn the pages does so, and an untouched mark is gone.
  ask() {
    this.openPicture();
    this.guess = new Guess(this.book.predict, this.querySelector(`.em-picture > [data-panel="${this.book.predict.panel}"]`));
  }

  reveal() {
    const { guess, book: { predict } } = this, done = !guess.done;
    if (!done && !guess.paints) guess.clear(); // a curve is where one starts again
    guess.done = done;
    this.move(predict.page[0], done ? predict.page[1] : this.book.at);
    guess.show();
    this.tell();
    this.querySelector(".em-asked p").textContent = done ? verdict(predict, guess.touched && guess.places, predict.truth) : predict.question;
    this.querySelector(".em-asked button").textContent = done ? "Predict again" : "Reveal";
  }

  drag(event) {
    if (event.pointerId === this.held?.id) this.held.to(event);
  }

  // On the opening page of several starts a drag leads to another one.
  leads({ at, walk }) { return this.step === 0 && !walk && at.some(([spot]) => String(spot) !== String(at[0][0])); }

  // A press on a map of places.
  tap(target, place) {
    const map = this.handles.find(({ ring, name }) => name && ring.parentNode.contains(target));
    if (map && !target.closest(".em-grab")) this.pull(map, false, place);
  }

  // To the page of this start whose mark is nearest; a drag that begins on the opening page may change the start.
  pull({ ring, at, walk }, opening, [x, y]) {
    const box = ring.parentNode.getBoundingClientRect();
    const places = at.flatMap((run, start) => run.map((spot, step) => ({ spot, start, step })))
      .filter(({ spot, start, step }) => spot && (start === this.start || (opening && step === 0)));
    places.sort((one, other) => Math.abs(one.step - this.step) - Math.abs(other.step - this.step));
    const { start, step } = nearest(places, [x - box.left, y - box.top], box, walk);
    if (start !== this.start || step !== this.step) this.move(start, step);
  }

  // An arrow key: to the nearest place on that side, of which what lies straight ahead is nearest.
  arrow(event) {
    const [dx, dy] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key] ?? [];
    const handle = this.handles.find(({ ring, name }) => name && ring === event.target), mark = event.target === this.guess?.ring;
    if (!(handle || mark) || dx === undefined) return;
    event.preventDefault(); // the page stays
    if (mark) return void this.guess.press(dx, -dy);
    const box = handle.ring.parentNode.getBoundingClientRect(), [places] = handle.at, [x, y] = places[this.step];
    const far = places.map((spot) => {
      const [right, down] = [(spot[0] - x) * box.width, (spot[1] - y) * box.height], ahead = right * dx + down * dy;
      return ahead > 1 ? ahead + 3 * Math.abs(right * dy + down * dx) : Infinity;
    });
    if (Math.min(...far) < Infinity) this.move(this.start, far.indexOf(Math.min(...far)));
  }

  letGo(event) {
    if (event.pointerId !== this.held?.id) return;
    this.held.node.classList.remove("em-held-fast");
    this.held = undefined;
  }

  // Words, and what the controls say.
  tell() {
    const { book, step } = this, [, sentence, numbers] = this.page, $ = (selector) => this.querySelector(selector);
    $(".em-now p").textContent = sentence;
    this.querySelectorAll(".em-now dd").forEach((cell, i) => { cell.textContent = numbers[i] ?? ""; });
    const slider = $("input[type=range]");
    if (slider) {
      slider.value = step;
      slider.setAttribute("aria-valuetext", book.stops[step]);
      $("output").textContent = book.stops[step];
    }
    for (const [trait, value] of [["step", step], ["start", this.start]]) {
      const radio = $(`input[type=radio][data-do=${trait}][value="${value}"]`);
      if (radio) radio.checked = true;
    }
    const off = { back: step === 0, next: step === this.last, E: this.next !== "E", M: this.next !== "M" };
    for (const button of this.querySelectorAll(".em-bar button[data-do]")) {
      const what = button.dataset.do;
      if (what in off) button.setAttribute("aria-disabled", off[what]); // not disabled: the focus would be lost
      button.classList.toggle("em-next", what === this.next);
      button.classList.toggle("em-done", what === book.kinds[step]);
      if (what === "play") {
        button.textContent = this.playing ? "Pause" : "Play";
        button.setAttribute("aria-pressed", this.playing);
      }
    }
    for (const handle of this.handles) {
      const { ring, at, name } = handle, spot = at[this.start][step];
      const back = `back and forth${book.kinds.length ? " through the half-steps" : ""}`;
      ring.title = `drag: ${name || this.leads(handle) ? `another ${name || "start"}` : back}`;
      ring.hidden = !spot;
      if (name) for (const [trait, value] of [["now", step], ["text", sentence]]) ring.setAttribute(`aria-value${trait}`, value);
      if (spot) [ring.style.left, ring.style.top] = spot.map((share) => `${share}%`);
    }
    const { guess } = this;
    if (guess) { // it belongs to its start
      const away = this.start !== book.predict.page[0];
      guess.over.hidden = away || (!guess.touched && (guess.done || step !== book.at));
      $(".em-asked").classList.toggle("em-away", away);
    }
    if ($(".em-held")) $(".em-held").textContent = book.held[book.kinds[step]];
  }

  // The picture: what cannot move is there at once, the rest within MORPH_MS.
  turn() {
    const target = this.slots.map((_, i) => this.book.parts[this.page[0][i]]), from = [...this.shown];
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const moves = target.map((svg, i) => !still && from[i] !== svg && canMorph(from[i], svg));
    for (const [i, slot] of this.slots.entries()) {
      slot.classList.remove("em-moved");
      if (from[i] !== target[i]) requestAnimationFrame(() => slot.classList.add("em-moved")); // so that the glow begins anew
    }
    target.forEach((svg, i) => { if (!moves[i]) this.paint(i, svg); });
    this.motion = moves.some(Boolean) && { from, target, moves, began: performance.now() };
    if (this.motion) this.request ??= requestAnimationFrame(() => this.tick());
  }

  paint(i, svg) {
    if (this.shown[i] !== svg) this.slots[i].innerHTML = this.shown[i] = svg;
  }

  // One loop for what moves and for what plays; it ends when neither does.
  tick() {
    const now = performance.now();
    if (this.playing && now - this.since >= this.book.interval) {
      this.since = now;
      if (this.step < this.last) this.move(this.start, this.step + 1);
      else this.play(false);
    }
    if (this.motion) {
      const { from, target, moves, began } = this.motion, t = Math.min(1, (now - began + 8) / MORPH_MS);
      target.forEach((svg, i) => { if (moves[i]) this.paint(i, t < 1 ? between(from[i], svg, 1 - (1 - t) ** 3) : svg); });
      if (t === 1) this.motion = undefined;
    }
    this.request = this.playing || this.motion ? requestAnimationFrame(() => this.tick()) : undefined;
  }

  // On paper: a few pages side by side, each with its words.
  layOutForPrint() {
    this.querySelector(".em-print")?.remove();
    const steps = this.book.kinds.length ? [0, 1, 2, this.last] : [0, 1 / 3, 2 / 3, 1].map((s) => Math.round(s * this.last));
    const sheet = document.createElement("div");
    sheet.className = "em-print";
    for (const step of new Set(steps)) {
      const [parts, sentence, numbers] = this.book.pages[this.start][step], cell = document.createElement("div");
      const names = [...this.querySelectorAll(".em-now dt")].map((name) => name.textContent);
      for (const panel of this.querySelectorAll(".em-picture > .em-panel")) cell.append(panel.cloneNode(true));
      for (const slot of cell.querySelectorAll("[data-slot]")) slot.innerHTML = this.book.parts[parts[slot.dataset.slot]];
      for (const node of cell.querySelectorAll("defs, .em-grab, .em-over")) node.remove(); // the figure's own are there
      const words = document.createElement("p");
      words.textContent = [sentence, ...names.map((name, i) => `${name} ${numbers[i] ?? ""}`)].join("  ");
      cell.append(words);
      sheet.append(cell);
    }
    this.append(sheet);
  }
}

if (globalThis.customElements && !customElements.get("em-figure")) customElements.define("em-figure", EmFigure);

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
    this.addEventListener("click", ({ target }) => {
      const button = target.closest("button");
      if (button?.dataset.to) this.move(...button.dataset.to.split(",").map(Number));
      else if (button) this.press(button.dataset.do);
    });
    this.addEventListener("input", ({ target }) => {
      this.play(false);
      this.move(...(target.dataset.do === "start" ? [+target.value, this.step] : [this.start, +target.value]));
    });
    this.handles = this.book.handles.map((handle) => this.ring(handle));
    this.addEventListener("pointerdown", (event) => this.grab(event));
    this.addEventListener("pointermove", (event) => this.drag(event));
    for (const end of ["pointerup", "pointercancel", "lostpointercapture"]) this.addEventListener(end, (event) => this.letGo(event));
    this.addEventListener("keydown", (event) => this.walk(event));
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
    const handle = this.handles.find(({ ring }) => ring === event.target);
    if (!handle || event.button || this.held) return;
    event.preventDefault(); // nothing is selected
    if (handle.name) handle.ring.focus({ preventScroll: true });
    this.play(false);
    const { ring } = handle, box = ring.getBoundingClientRect();
    ring.setPointerCapture(event.pointerId);
    ring.classList.add("em-held-fast");
    const off = [event.clientX - box.left - box.width / 2, event.clientY - box.top - box.height / 2];
    this.held = { handle, off, id: event.pointerId, opening: this.step === 0 && !handle.walk };
  }

  // To the page of this start whose mark is nearest; a drag that begins on the opening page may change the start.
  drag(event) {
    if (event.pointerId !== this.held?.id) return;
    const { handle: { ring, at, walk }, off, opening } = this.held, box = ring.parentNode.getBoundingClientRect();
    const places = at.flatMap((run, start) => run.map((spot, step) => ({ spot, start, step })))
      .filter(({ spot, start, step }) => spot && (start === this.start || (opening && step === 0)));
    places.sort((one, other) => Math.abs(one.step - this.step) - Math.abs(other.step - this.step));
    const { start, step } = nearest(places, [event.clientX - box.left - off[0], event.clientY - box.top - off[1]], box, walk);
    if (start !== this.start || step !== this.step) this.move(start, step);
  }

  // An arrow key: to the nearest place on that side, of which what lies straight ahead is nearest.
  walk(event) {
    const [dx, dy] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key] ?? [];
    const handle = this.handles.find(({ ring, name }) => name && ring === event.target);
    if (!handle || dx === undefined) return;
    event.preventDefault(); // the page stays
    const box = handle.ring.parentNode.getBoundingClientRect(), [places] = handle.at, [x, y] = places[this.step];
    const far = places.map((spot) => {
      const [right, down] = [(spot[0] - x) * box.width, (spot[1] - y) * box.height], ahead = right * dx + down * dy;
      return ahead > 1 ? ahead + 3 * Math.abs(right * dy + down * dx) : Infinity;
    });
    if (Math.min(...far) < Infinity) this.move(this.start, far.indexOf(Math.min(...far)));
  }

  letGo(event) {
    if (event.pointerId !== this.held?.id) return;
    this.held.handle.ring.classList.remove("em-held-fast");
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
    for (const { ring, at, name } of this.handles) {
      const spot = at[this.start][step];
      ring.hidden = !spot;
      if (name) for (const [trait, value] of [["now", step], ["text", sentence]]) ring.setAttribute(`aria-value${trait}`, value);
      if (spot) [ring.style.left, ring.style.top] = spot.map((share) => `${share}%`);
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
      for (const node of cell.querySelectorAll("defs, .em-grab")) node.remove(); // the figure's own are there
      const words = document.createElement("p");
      words.textContent = [sentence, ...names.map((name, i) => `${name} ${numbers[i] ?? ""}`)].join("  ");
      cell.append(words);
      sheet.append(cell);
    }
    this.append(sheet);
  }
}

if (globalThis.customElements && !customElements.get("em-figure")) customElements.define("em-figure", EmFigure);

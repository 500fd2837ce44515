// "You are EM": the reader sets q and theta with the fingers, or presses E and M, on data that can be changed.
// Every number comes from the engine; here is what is drawn, grabbed and said.
const GLIDE_MS = 250, FEW = { coins: 40, numbers: 9 };
const EVEN = ["", "One component has everything: there is nothing to share out.", ...["Half and half", "A third each", "A quarter each"].map((all) => `${all}: nobody has looked at the data yet.`)];
const sorted = (x) => [...x].sort((a, b) => a - b);
const touches = ({ F, l }) => l - F <= 1e-9 * (1 + Math.abs(l)); // no gap but rounding
const still = () => globalThis.matchMedia?.("(prefers-reduced-motion: reduce)").matches;
const lerp = (a, b, t) => (Array.isArray(a) ? a.map((v, i) => lerp(v, b[i], t)) : a + (b - a) * t);

class EmLive extends LivePicture {
  connectedCallback() {
    const script = this.querySelector("script[type='application/json']");
    if (!script) return void addEventListener("DOMContentLoaded", () => this.connectedCallback(), { once: true });
    if (this.book) return;
    const book = this.book = JSON.parse(script.textContent), $ = (selector) => this.querySelector(selector);
    this.model = book.tosses ? engine.binomial(book.tosses) : engine.normal;
    this.places = book.tosses ? "p" : "mu"; // the field of theta that says where a component is
    [this.past, this.bars, this.datum] = [[], [], 0];
    [this.plot, this.strip, this.said, this.read] = [".em-data", ".em-record", ".em-now", ".em-read"].map($);
    this.addEventListener("click", ({ target }) => { const { do: what } = target.closest("button")?.dataset ?? {}; if (what) this.press(what); });
    this.addEventListener("change", ({ target }) => {
      if (target.name?.endsWith("-K")) this.begin(this.now.x, +target.value, {}, `K = ${target.value}, a new start. ${EVEN[target.value]}`);
      if (target.dataset.do === "hard") this.act("hard", { hard: target.checked });
      if (target.type === "file" && target.files[0]) target.files[0].text().then((text) => this.use(text));
    });
    this.addEventListener("keydown", (event) => this.key(event));
    for (const [kind, peek] of [["pointerover", true], ["focusin", true], ["pointerout", false], ["focusout", false]]) {
      this.addEventListener(kind, ({ target }) => {
        const sum = target.closest?.("[data-sum]")?.dataset.sum, datum = target.closest?.("[data-grab=datum]");
        if (sum || datum) this.look(peek && (sum ? () => this.sum(sum) : () => this.sayDatum()));
      });
    }
    this.plot.addEventListener("pointerdown", (event) => this.grab(event));
    const hold = (event) => { if (event.target.closest("[data-grab]")) event.preventDefault(); }; // touch-action is for whole SVGs only
    this.plot.addEventListener("touchstart", hold, { passive: false });
    this.plot.addEventListener("pointermove", (event) => (this.hand ? this.drag(event) : this.hover(event)));
    for (const end of ["pointerup", "pointercancel"]) this.plot.addEventListener(end, () => this.release());
    this.plot.addEventListener("pointerleave", () => { if (!this.hand) this.look(false); });
    this.plot.addEventListener("dblclick", ({ target }) => { if (target.closest("[data-grab=datum], [data-grab=rug]")) this.remove(); });
    const own = $(".em-own");
    own.addEventListener("dragover", (event) => event.preventDefault());
    own.addEventListener("drop", (event) => {
      const file = event.dataTransfer.files[0];
      event.preventDefault();
      (file ? file.text() : Promise.resolve(event.dataTransfer.getData("text"))).then((text) => this.use(text));
    });
    this.begin(book.x, book.theta.pi.length, book, book.says);
    this.past = [];
    this.fit();
    if (globalThis.ResizeObserver) (this.sizes = new ResizeObserver(() => this.fit())).observe(this.plot);
    this.classList.add("em-alive");
  }

  disconnectedCallback() { cancelAnimationFrame(this.request); this.request = this.running = undefined; }

  even(K) { return Array(K).fill(1 / K); }

  get K() { return this.now.theta.pi.length; }

  // What there is: data, axes, a start; every share is the same.
  begin(x, K, { edges, hard = this.now?.hard ?? false, label = this.now?.label, title = this.now?.title }, says) {
    const { book } = this, old = this.now?.x === x ? this.now : undefined, unit = book.tosses || 1;
    const theta = x === book.x && K === book.theta.pi.length ? book.theta : this.start(x, K);
    const q = x.map(() => this.even(K)), few = old?.few ?? x.length <= (book.tosses ? FEW.coins : FEW.numbers);
    edges ??= old?.edges ?? (book.tosses ? Array.from({ length: unit + 2 }, (_, i) => i - 0.5) : this.edges(x));
    const s = { x, q, theta, start: theta, hard, few, edges, label, title, says, record: [], moved: "theta", ...this.reckon(x, q, theta) };
    s.bins = this.bins(s);
    const [low, high] = [edges[0], edges.at(-1)], bars = s.bins.map(({ members }, i) => members.length / x.length / (edges[i + 1] - edges[i]));
    if (few && !book.tosses) { // bars stand elsewhere: room for curves twice as high as at the start
      const grid = Array.from({ length: 61 }, (_, i) => low + ((high - low) * i) / 60);
      s.top = 2.2 * Math.max(...grid.map((v) => add(this.model.density(v, theta))));
    } else s.top = 1.25 * Math.max(...bars);
    s.high = Math.max(s.l, this.run(s, 60).l);
    const least = Math.max(Math.min(s.F, s.l), s.high - 2.5 * Math.max(s.high - s.l, 0.1 * (s.l - s.F)));
    s.record = [{ kind: "start", F: s.F, l: s.l }];
    s.least = this.room(s, least);
    s.low = this.foot(s, s.least);
    [this.bars, this.running] = [[], undefined];
    this.put(s);
  }

  room({ high, l }, v) { return v - 0.06 * (high - v) - 1e-9 * (1 + Math.abs(l)); }

  // The low end of the record's axis holds what stands now and only sinks; but once the gap of a start far below is
  // closed, the climb gets its room.
  foot(s, low) {
    const { F, l, high, least, record } = s;
    return Math.min(touches(s) && high - record[0].l < 0.1 * (high - low) ? least : low, ...[F, l].filter(Number.isFinite).map((v) => this.room(s, v)));
  }

  start(x, K) {
    const sort = sorted(x), N = x.length, [low, high] = [sort[0], sort[N - 1]], { tosses, theta, hard } = this.book;
    const at = (share) => sort[Math.min(N - 1, Math.floor(share * N))], shares = Array.from({ length: K }, (_, k) => (K - k - 0.5) / K);
    const quantiles = shares.map(at), places = new Set(quantiles).size === K ? quantiles : shares.map((s) => low + s * (high - low));
    const pi = this.even(K);
    if (tosses) return { pi, p: places.map((v) => clamp(0.05, v / tosses, 0.95)) };
    return { pi, mu: places, sigma: shares.map(() => (hard && x === this.book.x ? theta.sigma[0] : (at(0.84) - at(0.16) || high - low) / 2 / K ** 0.5)) };
  }

  edges(x) {
    const bars = clamp(6, Math.ceil(2 * x.length ** 0.5), 24), low = Math.min(...x), high = Math.max(...x), wide = (high - low) / bars;
    return Array.from({ length: bars + 3 }, (_, i) => low + (i - 1) * wide);
  }

  // The bars: one for each observation, or those of a histogram.
  bins({ x, few, edges }) {
    if (few) return x.map((_, n) => ({ members: [n] }));
    const bins = edges.slice(1).map(() => ({ members: [] }));
    x.forEach((v, n) => {
      let i = edges.findIndex((edge) => edge > v) - 1;
      if (i === -2) i = bins.length - 1;
      bins[Math.max(0, i)].members.push(n);
    });
    return bins;
  }

  reckon(x, q, theta) {
    const rows = this.model.logJoint(x, theta);
    return { rows, F: engine.bound(q, rows), l: engine.loglik(rows) };
  }

  // One half-step of the machine from a state: what changes, or { error }.
  half(kind, { x, q, theta, rows, hard }) {
    if (kind === "E") { const next = hard ? engine.hardStep(rows) : engine.eStep(rows); return next.error ? next : { q: next }; }
    const next = this.model.mStep(x, q, theta, this.book.hard ? "means" : undefined);
    return next.error ? next : { theta: next };
  }

  // E and M in turn, at most so many, until an iteration gains next to nothing.
  run(s, most) {
    s = { ...s, record: [...s.record] };
    for (let i = 0; i < most && !s.done; i++) {
      const kind = s.moved === "q" ? "M" : "E", change = this.half(kind, s);
      if (change.error) { s.done = change.error; break; }
      Object.assign(s, change, { moved: kind === "E" ? "q" : "theta" }, this.reckon(s.x, change.q ?? s.q, change.theta ?? s.theta));
      s.record.push({ kind, F: s.F, l: s.l });
      const before = s.record.at(-3)?.F ?? -Infinity;
      if (s.record.length > 4000 || (kind === "M" && s.F - before <= 1e-10 * (1 + Math.abs(s.F)))) s.done = "rest";
    }
    return s;
  }

  // A deed: what changes, and what there is to say about it. The same key goes on with the same deed.
  act(kind, changes, key, says) {
    const before = this.now, same = key !== undefined && key === before.key, base = same ? before.base : before;
    const s = { ...before, told: undefined, ...changes, key, base: { F: base.F, l: base.l, low: base.low } };
    if (this.running) this.stop();
    Object.assign(s, this.reckon(s.x, s.q, s.theta));
    if (LETTER[kind]) {
      s.moved = kind === "x" ? "x" : changes.q ? "q" : "theta";
      s.record = [...(same ? before.record.slice(0, -1) : before.record), { kind, F: s.F, l: s.l }];
    }
    s.low = this.foot(s, s.base.low);
    s.says = says ?? this.say(kind, s.base, s);
    this.put(s, same, kind === "E" || kind === "M");
  }

  put(s, same, glide) {
    if (this.now && !same) this.past.push(this.now);
    const from = this.shown ?? s;
    this.motion = glide && !still() && from.x === s.x ? { from, began: performance.now() } : undefined;
    s.next = this.next(s);
    if (!s.bins || this.now?.x !== s.x) s.bins = this.bins(s);
    this.now = s;
    if (!this.motion) this.shown = s;
    this.tell();
    this.wake();
  }

  // The half-step that is due, if it can be done.
  next(s) { return (s.moved === "q" ? ["M", "E"] : ["E", "M"]).find((kind) => !this.half(kind, s).error) ?? ""; }

  undo() {
    if (this.running) this.stop();
    if (!this.past.length) return;
    [this.now, this.motion] = [this.past.pop(), undefined];
    this.shown = this.now;
    Object.assign(this.now, { key: undefined, told: undefined, says: `Undone: back to F ${number(this.now.F)}, ℓ ${number(this.now.l)}.` });
    this.peek = undefined;
    this.tell();
    this.wake();
  }

  press(what) {
    if (what === "E" || what === "M") {
      const change = this.half(what, this.now);
      if (change.error) {
        if (this.running) this.stop();
        this.put({ ...this.now, key: undefined, says: `${what} cannot be done: ${change.error}. Move q or θ by hand, or press Undo.` }, true);
      } else this.act(what, change);
    }
    if (what === "undo") this.undo();
    if (what === "reset") this.begin(this.book.x, this.book.theta.pi.length, this.book, this.book.says);
    if (what === "machine") this.race();
    if (what === "add") { this.add((this.now.edges[0] + this.now.edges.at(-1)) / 2); this.plot.querySelector("[data-grab=datum]").focus(); }
    if (what === "use") this.use(this.querySelector("textarea").value);
  }

  // The machine does the same from the same start, in view.
  race() {
    if (this.running) return this.stop();
    const { now } = this, theta = now.start, q = now.x.map(() => this.even(this.K));
    const s = { ...now, theta, q, moved: "theta", done: undefined, key: undefined, says: "The machine begins where you began." };
    Object.assign(s, this.reckon(s.x, q, theta));
    s.record = [{ kind: "start", F: s.F, l: s.l }];
    s.low = this.foot(s, s.low);
    this.yours = now;
    this.put(s);
    this.running = { since: performance.now(), turn: 0 };
    if (still()) this.turn(4001); else this.tell();
  }

  turn(most) {
    const s = this.run(this.now, most), { yours } = this, kinds = s.record.slice(1);
    s.low = this.foot(s, s.low);
    if (s.done) {
      const apart = s.l - yours.l, near = Math.abs(apart) <= 1e-6 * (1 + Math.abs(s.l));
      this.reached = { x: s.x, K: s.theta.pi.length, hard: s.hard, l: s.l };
      s.says = `The machine ${s.done === "rest" ? "rests" : "had to stop"} at ℓ = ${number(s.l)} after ${kinds.length} half-steps; you had ℓ = ${number(yours.l)} after ${yours.record.length - 1}: ${near ? "the same" : `${apart > 0 ? "the machine's" : "yours"} is higher by ${number(Math.abs(apart))}`}.${s.done === "rest" ? "" : ` (${s.done}.)`} Undo brings yours back.`;
      this.running = undefined;
    } else s.says = `The machine: ${kinds.at(-1).kind}, half-step ${kinds.length}.`;
    this.put({ ...s, done: undefined }, true, most === 1);
  }

  stop() { this.running = undefined; this.tell(); }

  // The hand.
  at({ clientX, clientY }) {
    const { left, top } = this.plot.getBoundingClientRect();
    return [clientX - left, clientY - top];
  }

  grab(event) {
    const target = event.target.closest?.("[data-grab]");
    if (!target || event.button) return;
    const { grab: what, k } = target.dataset, [px, py] = this.at(event), { now } = this;
    this.hand = { what, k: +k, px, py, theta: now.theta, key: Symbol(), side: this.sides?.[+k], touch: event.pointerType === "touch" };
    if (what === "rug" || what === "datum") {
      const near = this.nearest(px);
      if (near.far <= (this.hand.touch ? 8 : 4)) this.datum = near.n; else if (what === "rug") this.add(this.value(px), this.hand.key);
    }
    if (what === "bars") this.hand.k = this.nearestDivider(px, py);
    try { this.plot.setPointerCapture(event.pointerId); } catch { /* a pointer that is gone */ }
    (target.tabIndex >= 0 ? target : this.plot.querySelector(what === "rug" ? "[data-grab=datum]" : `[data-grab=divider][data-k="${this.hand.k}"]`))?.focus({ preventScroll: true });
    event.preventDefault();
    this.said.setAttribute("aria-live", "off"); // no flood of words
    if (what === "bars") this.drag(event);
  }

  drag(event) {
    const { hand, scale } = this, { what, k, px, py, theta, key } = hand, [x, y] = this.at(event);
    if (what === "bars") {
      const [from, to] = [hand.bar ?? this.barAt(x), this.barAt(x)], way = Math.sign(to - from) || 1, strokes = [];
      for (let i = from; i !== to + way; i += way) { // a quick hand leaves no bar out
        const { floor, top } = this.boxes[i], high = to === from ? y : hand.y + ((y - hand.y) * (i - from)) / (to - from);
        if (floor - top >= 0.5) strokes.push([i, clamp(0, (floor - high) / (floor - top), 1)]);
      }
      Object.assign(hand, { bar: to, y });
      if (strokes.length) [this.bars[k]] = strokes.at(-1);
      this.paint(strokes, k, key);
    } else if (what === "divider") {
      const { floor, top } = this.boxes[this.bars[k]];
      this.paint([[this.bars[k], clamp(0, (floor - y) / (floor - top), 1)]], k, key);
    } else if (what === "top") {
      const high = hand.high ??= this.tops[k]; // the weight is as the height
      this.setTop(k, scale.value(scale.px(theta[this.places][k]) + x - px), theta.pi[k] * Math.max(0, 1 - (y - py) / scale.unit / high), key, theta);
    } else if (what === "width") this.setWidth(k, theta.sigma[k] + hand.side * (scale.value(x) - scale.value(px)), key);
    else if (Math.abs(x - px) > 1 || this.now.key === key) {
      this.peek = () => this.sayDatum();
      this.setDatum(this.datum, this.value(x), key);
    }
  }

  release() {
    if (!this.hand) return;
    const point = /rug|datum/.test(this.hand.what);
    this.hand = undefined;
    this.said.setAttribute("aria-live", "polite");
    this.look(point && (() => this.sayDatum()));
  }

  hover(event) {
    if (event.target.dataset?.grab !== "rug") return;
    const near = this.nearest(this.at(event)[0]);
    if (near.far > 4) return this.look(false);
    this.datum = near.n;
    this.look(() => this.sayDatum());
    this.wake();
  }

  nearest(px) {
    const far = this.now.x.map((v) => Math.abs(this.scale.px(v / (this.book.tosses || 1)) - px)), least = Math.min(...far);
    return { n: far.indexOf(least), far: least };
  }

  barAt(px) {
    const i = this.boxes.findIndex(({ left, right }) => px >= left && px < right);
    return i >= 0 ? i : px < this.boxes[0].left ? 0 : this.boxes.length - 1;
  }

  nearestDivider(px, py) {
    const i = this.barAt(px), { floor, top } = this.boxes[i], share = (floor - py) / (floor - top);
    const sums = this.shares(i).slice(0, -1).map((_, k, all) => add(all.slice(0, k + 1)));
    const far = sums.map((s) => Math.abs(s - share)), least = Math.min(...far);
    return share > sums[far.indexOf(least)] ? far.lastIndexOf(least) : far.indexOf(least);
  }

  // The share of each component in bar i.
  shares(i, q = this.now.q) {
    const { members } = this.now.bins[i];
    return q[0].map((_, k) => (members.length ? add(members.map((n) => q[n][k])) / members.length : 0));
  }

  // In these bars the components up to k get these shares of everybody, the others the rest, in the proportions they had.
  paint(strokes, k, key) {
    if (this.K < 2) return;
    const q = [...this.now.q], split = (part, whole, share, mine) => (whole > 1e-12 ? (part / whole) * share : mine ? share : 0);
    for (const [i, share] of strokes) {
      for (const n of this.now.bins[i].members) {
        const below = add(q[n].slice(0, k + 1)), above = add(q[n].slice(k + 1));
        const row = q[n].map((r, j) => (j <= k ? split(r, below, share, j === k) : split(r, above, 1 - share, j === k + 1)));
        q[n] = this.now.hard ? row.map((_, j) => +(j === row.indexOf(Math.max(...row)))) : row;
      }
    }
    this.act("q", { q }, key);
  }

  // Component k goes to this place and, unless weights are held, gets this weight; the others keep their proportions.
  setTop(k, place, weight, key, from = this.now.theta) {
    const { lo, hi } = this.scale, { tosses, hard } = this.book, theta = { ...this.now.theta }, rest = 1 - from.pi[k];
    theta[this.places] = theta[this.places].map((v, j) => (j === k ? (tosses ? clamp(0.01, place, 0.99) : clamp(lo, place, hi)) : v));
    const share = clamp(0.01, weight, 0.99);
    if (this.K > 1 && !hard) theta.pi = from.pi.map((p, j) => (j === k ? share : (p / rest) * (1 - share)));
    this.act("theta", { theta }, key);
  }

  setWidth(k, sigma, key) {
    const { theta } = this.now, span = this.scale.hi - this.scale.lo;
    this.act("theta", { theta: { ...theta, sigma: theta.sigma.map((s, j) => (j === k ? clamp(span / 300, sigma, span) : s)) } }, key);
  }

  // A value of the data where the finger is, rounded to what a pixel can tell.
  value(px) { return this.rounded(this.scale.value(px) * (this.book.tosses || 1)); }

  rounded(value) {
    const { tosses } = this.book, { edges } = this.now;
    if (tosses) return clamp(0, Math.round(value), tosses);
    return +clamp(edges[0], value, edges.at(-1)).toFixed(clamp(0, this.scale.digits, 20));
  }

  setDatum(n, value, key) {
    const x = this.now.x.map((v, i) => (i === n ? this.rounded(value) : v));
    if (new Set(x).size < 2) return;
    this.act("x", { x, told: n }, key);
  }

  add(value, key) {
    const { x, q } = this.now;
    if (x.length >= MOST_NUMBERS) return void this.look(() => `At most ${MOST_NUMBERS} points fit here.`);
    this.datum = x.length;
    this.act("x", { x: [...x, this.rounded(value)], q: [...q, this.even(this.K)], told: x.length }, key);
  }

  remove() {
    const { x, q } = this.now, n = this.datum, others = (_, i) => i !== n, rest = x.filter(others);
    if (new Set(rest).size < 2) return void this.look(() => "At least two different numbers are needed.");
    this.datum = Math.min(n, rest.length - 1);
    this.act("x", { x: rest, q: q.filter(others) });
  }

  use(text) {
    const { tosses } = this.book;
    const { x, says, doubt } = readColumn(text, tosses ? (v) => (Number.isInteger(v) && v >= 0 && v <= tosses ? "" : `is no whole number from 0 to ${tosses}`) : undefined);
    this.read.textContent = says.join(" ");
    if (!x) return;
    this.datum = 0;
    const read = doubt ?? (says.length > 1 ? "How they were read is told below." : "");
    this.begin(x, this.K, { label: tosses ? undefined : "your numbers", title: `Your data: ${x.length} numbers` }, `A new start. ${EVEN[this.K]} ${read}`.trim());
    this.scrollIntoView?.({ block: "start", behavior: still() ? "instant" : "smooth" });
  }

  key(event) {
    const { key, shiftKey, altKey, target } = event, { grab: what } = target.dataset ?? {}, k = +target.dataset?.k;
    if ((event.ctrlKey || event.metaKey) && key.toLowerCase() === "z" && !target.matches("textarea")) { event.preventDefault(); return this.undo(); }
    if (event.ctrlKey || event.metaKey || target.matches("textarea")) return;
    if (/^[em]$/i.test(key) && !altKey && !event.repeat) return this.press(key.toUpperCase());
    if (!what) return;
    const end = { Home: -Infinity, End: Infinity }[key];
    const across = { ArrowLeft: -1, ArrowRight: 1 }[key] ?? 0, up = { ArrowUp: 1, ArrowDown: -1 }[key] ?? 0, big = shiftKey ? 5 : 1;
    const { theta, x } = this.now, span = this.scale.hi - this.scale.lo, deed = `${what}${k}`;
    if (!across && !up && !end && !(what === "datum" && /^(Delete|Backspace|Insert|Enter)$/.test(key))) return;
    event.preventDefault();
    if (what === "top") this.setTop(k, end ?? theta[this.places][k] + (across * big * span) / 100, theta.pi[k] + up * big * 0.02, deed);
    if (what === "width") this.setWidth(k, end ?? theta.sigma[k] + ((across || up) * big * span) / 200, deed);
    if (what === "divider" && across) {
      const full = this.boxes.map((_, i) => i).filter((i) => this.now.bins[i].members.length), at = full.indexOf(this.bars[k]);
      this.bars[k] = full[clamp(0, at + across, full.length - 1)];
      this.wake();
    } else if (what === "divider") this.paint([[this.bars[k], clamp(0, end ?? add(this.shares(this.bars[k]).slice(0, k + 1)) + up * big * 0.05, 1)]], k, `${deed},${this.bars[k]}`);
    if (what !== "datum") return;
    const values = sorted(new Set(x)), at = values.indexOf(x[this.datum]);
    if (key === "Delete" || key === "Backspace") this.remove();
    else if (key === "Insert" || key === "Enter") this.add(x[this.datum]);
    else if (end || (across && !altKey)) this.datum = x.indexOf(values[clamp(0, end ?? at + across * big, values.length - 1)]);
    else this.setDatum(this.datum, x[this.datum] + (this.book.tosses ? across + up : ((across + up) * big * span) / 100), `datum${this.datum}`);
    this.look(() => this.sayDatum());
    this.wake();
  }

  // Words.
  look(text) { this.peek = text || undefined; this.tell(); }

  went(name, by, now) {
    if (!Number.isFinite(by)) return `${name} is ${number(now)}`;
    return Math.abs(by) < 1e-9 * (1 + Math.abs(now)) ? `${name} stays` : `${name} ${by > 0 ? "rose" : "fell"} by ${number(Math.abs(by))}`;
  }

  say(kind, a, b) {
    const F = this.went("F", b.F - a.F, b.F), l = this.went("ℓ", b.l - a.l, b.l), gap = Math.abs(b.l - b.F), was = Math.abs(a.l - a.F);
    const closed = touches(b), the = closed ? "the gap is closed" : `the gap ${gap > was * (1 + 1e-9) ? "opened" : gap < was * (1 - 1e-9) ? "shrank" : "stays"}${gap === was ? "" : ` ${Math.abs(gap - was) > 1e-9 * was ? "to" : "at"} ${number(gap)}`}`;
    if (kind === "q") return `You moved q: ${F}, ${the}; ℓ stays, for it does not depend on q.`;
    if (kind === "theta") return `You moved θ: ${F}, ${l}; ${the}.`;
    if (kind === "E") return F.endsWith("stays") ? `E: q is the best already; F and ℓ stay.` : closed ? `E: q became the posterior; ${F} and touches ℓ, ${the}.` : `E, all or nothing: ${F}; a gap of ${number(gap)} is left, for nobody may be in doubt.`;
    if (kind === "M") return F.endsWith("stays") ? "M: θ is at the top of the bound already; F and ℓ stay." : `M: θ moved to the top of the bound; ${F}, ${l}.`;
    if (kind === "x") return `You changed the data: ${F}, ${l}; ${the}.`;
    return b.hard ? "From now on E gives everybody wholly to one component." : "From now on E may share everybody out.";
  }

  sayDatum() {
    const { x, q, rows, told, says } = this.now, n = this.datum, soft = engine.eStep([rows[n]]), list = (row) => row.map((r) => number(r, 2)).join(", ");
    return `${told === n ? `${says} ` : ""}x = ${this.valueText(x[n])}: the posterior is ${soft.error ? "none" : `(${list(soft[0])})`}, its q is (${list(q[n])}).`;
  }

  sum(what) {
    const { q, rows, F, l } = this.now, logs = engine.logliks(rows), parts = engine.bounds(q, rows);
    const gaps = logs.map((value, n) => Math.max(0, +(value - parts[n]).toFixed(9))), N = rows.length;
    const of = (terms) => `${terms.slice(0, 3).map((t, i) => (i ? (t < 0 ? " − " : " + ") + number(Math.abs(t), 2) : number(t, 2))).join("")}${N > 3 ? ` … (${N} terms)` : ""}`;
    if (what === "l") return `ℓ = Σ log p(xₙ) = ${of(logs)} = ${number(l)}.`;
    if (what === "gap") return `How far q is from the posterior, summed over the data: ℓ − F = Σ KL(qₙ ‖ posterior) = ${of(gaps)} = ${number(Math.abs(l - F))}.`;
    const joint = add(q.map((row, n) => add(row.map((r, k) => (r > 0 ? r * rows[n][k] : 0)))));
    return `F = Σ q log p(x, z) − Σ q log q = ${number(joint)} + ${number(F - joint)} = ${number(F)}.`;
  }

  valueText(value) { return number(value, this.book.tosses ? 0 : clamp(0, this.scale?.digits ?? 2, 12)); }

  thetaText(name, value) { return number(value, name === "mu" || name === "sigma" ? clamp(0, (this.scale?.digits ?? 1) + 1, 9) : 3); }

  tell() {
    const { now } = this, { theta } = now, $ = (selector) => this.querySelector(selector);
    const said = this.peek ? this.peek() : now.says;
    if (this.said.textContent !== said) this.said.textContent = said;
    $(".em-title").textContent = now.title;
    for (const named of [this.plot, $(".em-bar")]) named.setAttribute("aria-label", now.title);
    const numbers = { F: number(now.F), gap: number(touches(now) ? 0 : now.l - now.F), l: number(now.l) };
    for (const [name, text] of Object.entries(numbers)) $(`[data-sum=${name}]`).textContent = text;
    $(".em-deeds").textContent = now.record.length - 1;
    this.querySelectorAll(".em-theta tr").forEach((row, i) => {
      const name = row.dataset.field, cells = [...row.children].slice(1);
      cells.forEach((cell, k) => { cell.textContent = k >= this.K ? "" : i ? this.thetaText(name, theta[name][k]) : k + 1; });
    });
    for (const input of this.querySelectorAll("input[type=radio]")) input.checked = +input.value === this.K;
    $("[data-do=hard]").checked = now.hard;
    for (const half of this.querySelectorAll(".em-half")) half.classList.toggle("em-next", !this.running && half.dataset.do === now.next);
    $("[data-do=undo]").setAttribute("aria-disabled", !this.past.length);
    $("[data-do=machine]").textContent = this.running ? "Stop" : "Let the machine do it";
  }

  // The picture: one loop for what glides, what the machine does and what the hand has moved; it ends when none does.
  wake() { this.request ??= requestAnimationFrame(() => this.tick()); }

  tick() {
    const now = performance.now(), { running, motion } = this;
    this.request = undefined;
    if (running && now - running.since >= 280) {
      Object.assign(running, { since: now, turn: running.turn + 1 });
      this.turn(running.turn < 8 ? 1 : 2 ** Math.min(9, running.turn - 7));
    }
    if (this.motion) {
      const t = Math.min(1, (now - this.motion.began + 8) / GLIDE_MS), share = 1 - (1 - t) ** 3, { from } = this.motion, { theta } = this.now;
      const fields = Object.keys(theta).map((name) => [name, lerp(from.theta[name], theta[name], share)]);
      this.shown = t < 1 ? { ...this.now, q: lerp(from.q, this.now.q, share), theta: Object.fromEntries(fields) } : this.now;
      if (t === 1) this.motion = undefined;
    } else this.shown = this.now;
    this.draw(this.shown);
    this.record();
    if (this.motion || this.running) this.wake();
  }
}

if (globalThis.customElements && !customElements.get("em-live")) customElements.define("em-live", EmLive);

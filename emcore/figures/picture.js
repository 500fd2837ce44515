// What a live scene shows of its state: the data with the components, and the record. Nothing is decided here.
const HEIGHT = 300;
const SUB = ["₁", "₂", "₃", "₄"];
const LETTER = { start: "", E: "E", M: "M", q: "q", theta: "θ", x: "x" };
const clamp = (low, value, high) => Math.max(low, Math.min(high, value));
const add = (values) => values.reduce((a, b) => a + b, 0);
const minus = (text) => text.replace(/-/g, "−").replace("Infinity", "∞");
const escaped = (text) => text.replace(/[&<>]/g, (sign) => `&#${sign.charCodeAt(0)};`);

function number(value, digits = 3) {
  const size = Math.abs(value), few = size < 0.5 * 10 ** -digits && size > 0;
  if (!Number.isFinite(value)) return minus(String(value));
  return minus(few || size >= 1e7 ? value.toPrecision(3) : value.toFixed(digits)).replace(/^−(0\.?0*)$/, "$1");
}

function ticks(low, high, most) {
  const rough = (high - low) / most, unit = 10 ** Math.floor(Math.log10(rough));
  const step = unit * [1, 2, 5, 10].find((n) => n * unit >= rough), first = Math.ceil(low / step - 1e-9);
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  return Array.from({ length: Math.floor(high / step + 1e-9) - first + 1 }, (_, i) => [(first + i) * step, number((first + i) * step, Math.min(digits, 9))]);
}

class LivePicture extends (globalThis.HTMLElement ?? Object) {
  fit() {
    [this.wide, this.narrow] = [this.plot.clientWidth || 440, this.strip.clientWidth || 280];
    this.plot.setAttribute("viewBox", `0 0 ${this.wide} ${HEIGHT}`);
    this.strip.setAttribute("viewBox", `0 0 ${this.narrow} ${HEIGHT}`);
    this.laid = undefined;
    this.draw(this.shown);
    this.record();
  }

  // Where things are: the axis of values with the curves above it, and the bars there or, if each is one observation, above.
  lay() {
    const { now: { few, edges, top: tallest, x, label }, wide, book: { tosses } } = this, two = few || tosses, [left, right] = [12, wide - 12];
    const [lo, hi] = tosses ? [0, 1] : [edges[0], edges.at(-1)], per = (right - left) / (hi - lo), floor = HEIGHT - 74, top = two ? 152 : 24;
    this.scale = {
      lo, hi, left, right, floor, top, unit: (floor - top) / (tosses ? 1 : tallest),
      px: (v) => left + (v - lo) * per, value: (px) => lo + (px - left) / per,
      digits: Math.max(0, -Math.floor(Math.log10((hi - lo) / 300))),
    };
    const axis = ticks(lo, hi, Math.max(3, wide / 75)).map(([v, text]) => `<path d="M${this.scale.px(v)} ${floor}v5"/><text x="${this.scale.px(v)}" y="${floor + 18}" text-anchor="middle">${text}</text>`);
    const names = few && x.length <= 14 ? this.boxesOf(this.now).map(({ left, right }, n) => `<text x="${(left + right) / 2}" y="132" text-anchor="middle">${this.valueText(x[n])}</text>`) : [];
    this.plot.querySelector(".em-fixed").innerHTML = `<path d="M${left} ${floor}H${right}"/>${two ? `<path d="M${left} 116H${right}"/>` : ""}${axis.join("")}${names.join("")}<text x="${wide / 2}" y="${HEIGHT - 4}" text-anchor="middle">${escaped(label)}</text>`;
    const rug = this.plot.querySelector("[data-grab=rug]");
    for (const [name, value] of Object.entries({ x: left - 8, width: right - left + 16, y: floor + 22, height: 32 })) rug.setAttribute(name, value);
  }

  boxesOf({ x, few, edges, bins }) {
    const { left, right, floor, top, px, unit } = this.scale;
    if (few) {
      const step = (right - left) / x.length, room = Math.max(0, Math.min(0.15 * step, (step - 24) / 2));
      return bins.map((_, n) => ({ left: left + n * step + room, right: left + (n + 1) * step - room, top: 12, floor: 116 }));
    }
    if (this.book.tosses) {
      const step = (right - left) / bins.length, most = Math.max(...bins.map(({ members }) => members.length));
      return bins.map(({ members }, i) => ({ left: left + i * step, right: left + (i + 1) * step, floor: 116, top: 116 - (104 * members.length) / most }));
    }
    return bins.map(({ members }, i) => ({
      left: px(edges[i]), right: px(edges[i + 1]), floor, top: Math.max(4, floor - (unit * members.length) / x.length / (edges[i + 1] - edges[i])),
    }));
  }

  // The marks that stay as long as K does: the handles among them, so that none loses the focus.
  build(K) {
    const { id } = this, { tosses, hard } = this.book, all = Array.from({ length: K }, (_, k) => k), hatch = ["", "M-2 2L2 -2M-2 10L10 -2M6 10L10 6", "M-2 -2L10 10M-2 6L2 10M6 -2L10 2", "M0 4H8"];
    const slider = (grab, k, label, body) => `<g data-grab="${grab}" data-k="${k}" role="slider" tabindex="0" aria-label="${label}"><circle class="em-reach" r="13"/>${body}</g>`;
    const patterns = all.map((k) => `<pattern id="${id}-s${k}" width="8" height="8" patternUnits="userSpaceOnUse"><rect width="8" height="8" style="fill: var(--em-share${k + 1})"/><path d="${hatch[k]}"/></pattern>`);
    this.plot.innerHTML = `<defs>${patterns.join("")}</defs><g class="em-fixed"></g>
      ${all.map((k) => `<path class="em-share" style="fill: url(#${id}-s${k})"/>`).join("")}<path class="em-seam"/><path class="em-bars" data-grab="bars"/>
      <path class="em-sum"/>${all.map((k) => `<path class="em-halo"/><path class="em-curve em-c${k + 1}"/>`).join("")}
      ${all.map((k) => slider("top", k, `place${hard || K === 1 ? "" : " and weight"} of component ${k + 1}`, `<circle class="em-c${k + 1}" r="11"/><text y="4.500" text-anchor="middle">${k + 1}</text>`) + (tosses || hard ? "" : slider("width", k, `width of component ${k + 1}, σ${SUB[k]}`, `<path class="em-c${k + 1}" d="M-11 0L-3 -8V8ZM11 0L3 -8V8Z"/>`))).join("")}
      ${all.slice(1).map((_, k) => slider("divider", k, `q of component${k ? `s 1 to ${k + 1}` : " 1"}: Left and Right choose the bar, Up and Down move its divider`, '<rect x="-11" y="-5" width="22" height="10" rx="5"/><path d="M-4 -7.500L0 -11L4 -7.500M-4 7.500L0 11L4 7.500"/>')).join("")}
      <path class="em-ticks"/><rect data-grab="rug"/>${slider("datum", 0, "point", '<path d="M0 -9V9"/><circle r="5"/>')}`;
    [this.built, this.sides] = [K, []];
    this.laid = this.rug = undefined;
  }

  draw(s) {
    if (!this.wide) return;
    const { K } = this, { tosses } = this.book, $ = (selector) => this.plot.querySelector(selector), every = (selector) => [...this.plot.querySelectorAll(selector)];
    if (this.built !== K) this.build(K);
    if (this.laid !== s.edges || this.names !== s.x) { this.lay(); [this.laid, this.names] = [s.edges, s.x]; }
    const { scale } = this, boxes = this.boxes = this.boxesOf(s), shares = boxes.map((_, i) => this.shares(i, s.q)), floors = boxes.map(({ floor }) => floor);
    const away = (i) => Math.abs(i - boxes.length / 2), taken = [...s.theta[this.places], ...(s.theta.sigma ?? []).map((v, k) => s.theta.mu[k] + v)];
    const hidden = boxes.map(({ left, right }) => !s.few && !tosses && taken.some((v) => Math.abs(scale.px(v) - (left + right) / 2) < 26)); // by another handle
    const tall = boxes.map((_, i) => i).sort((a, b) => hidden[a] - hidden[b] || boxes[a].top - boxes[b].top || away(a) - away(b));
    const edge = Array.from({ length: K }, () => Array(boxes.length));
    every(".em-share").forEach((path, k) => path.setAttribute("d", boxes.map(({ left, right, top, floor }, i) => {
      const from = floors[i], to = floors[i] -= shares[i][k] * (floor - top);
      edge[k][i] = to;
      return from - to > 0.01 ? `M${left.toFixed(1)} ${from.toFixed(2)}V${to.toFixed(2)}H${right.toFixed(1)}V${from.toFixed(2)}Z` : "";
    }).join("")));
    const full = boxes.map((box, i) => [box, i]).filter(([box]) => box.floor - box.top > 0.5);
    $(".em-seam").setAttribute("d", edge.slice(0, -1).flatMap((row) => full.map(([{ left, right }, i]) => `M${left.toFixed(1)} ${row[i].toFixed(2)}H${right.toFixed(1)}`)).join(""));
    $(".em-bars").setAttribute("d", K > 1 ? full.map(([{ left, right, floor, top }]) => `M${left.toFixed(1)} ${floor}V${Math.min(top, floor - 24).toFixed(1)}H${right.toFixed(1)}V${floor}Z`).join("") : "");
    const y = (height) => Math.max(-20, scale.floor - scale.unit * height), at = (node, px, py) => node.setAttribute("transform", `translate(${clamp(scale.left, px, scale.right).toFixed(1)} ${clamp(scale.top - 8, py, scale.floor).toFixed(1)})`);
    const says = (node, now, low, high, text) => {
      for (const [name, value] of Object.entries({ "aria-valuenow": number(now, 4).replace("−", "-"), "aria-valuemin": low, "aria-valuemax": high, "aria-valuetext": text })) node.setAttribute(name, value);
    };
    const places = s.theta[this.places], name = tosses ? "p" : "μ";
    if (tosses) {
      this.tops = s.theta.pi;
      every(".em-curve, .em-halo").forEach((path, i) => path.setAttribute("d", `M${scale.px(places[i >> 1]).toFixed(1)} ${scale.floor}V${y(this.tops[i >> 1]).toFixed(1)}`));
    } else {
      const grid = Array.from({ length: 151 }, (_, i) => scale.lo + ((scale.hi - scale.lo) * i) / 150), line = (heights) => `M${heights.map((h, i) => `${scale.px(grid[i]).toFixed(1)} ${y(h).toFixed(1)}`).join("L")}`;
      const heights = grid.map((v) => this.model.density(v, s.theta));
      this.tops = places.map((mu, k) => this.model.density(mu, s.theta)[k]);
      every(".em-curve, .em-halo").forEach((path, i) => path.setAttribute("d", line(heights.map((row) => row[i >> 1]))));
      $(".em-sum").setAttribute("d", K > 1 ? line(heights.map(add)) : "");
    }
    every("[data-grab=divider]").forEach((node, k) => {
      if (this.bars[k] === undefined || !boxes[this.bars[k]]) this.bars[k] = tall[Math.min(k, tall.length - 1)];
      const i = this.bars[k], { left, right } = boxes[i], share = add(shares[i].slice(0, k + 1)), { edges, x } = this.now, { members } = this.now.bins[i];
      node.setAttribute("transform", `translate(${((left + right) / 2).toFixed(1)} ${edge[k][i].toFixed(1)})`);
      says(node, 100 * share, 0, 100, `${number(100 * share, 0)}% of ${s.few ? `observation ${i + 1}, ${this.valueText(x[i])}` : `the ${members.length} from ${number(edges[i], scale.digits)} to ${number(edges[i + 1], scale.digits)}`}`);
    });
    every("[data-grab=top]").forEach((node, k) => {
      at(node, scale.px(places[k]), y(this.tops[k]));
      says(node, places[k], number(scale.lo, 4).replace("−", "-"), number(scale.hi, 4).replace("−", "-"), `${name}${SUB[k]} ${this.thetaText(this.places, places[k])}, weight ${number(s.theta.pi[k], 3)}`);
    });
    every("[data-grab=width]").forEach((node, k) => {
      const { mu, sigma } = s.theta, inside = scale.px(mu[k] + sigma[k]) <= scale.right || scale.px(mu[k] - sigma[k]) < scale.left;
      const held = this.hand?.what === "width" && this.hand.k === k, side = this.sides[k] = held ? this.hand.side : inside ? 1 : -1, place = mu[k] + side * sigma[k];
      at(node, scale.px(place), y(this.model.density(place, s.theta)[k]));
      says(node, sigma[k], 0, number(scale.hi - scale.lo, 4), `σ${SUB[k]} ${this.thetaText("sigma", sigma[k])}`);
    });
    const spot = (v) => scale.px(v / (tosses || 1)), line = scale.floor + 38, datum = $("[data-grab=datum]"), n = this.datum = Math.min(this.datum, s.x.length - 1);
    if (this.rug !== s.x || this.rugWide !== this.wide) { [this.rug, this.rugWide] = [s.x, this.wide]; $(".em-ticks").setAttribute("d", s.x.map((v) => `M${spot(v).toFixed(1)} ${line - 7}v14`).join("")); }
    datum.setAttribute("transform", `translate(${spot(s.x[n]).toFixed(1)} ${line})`);
    says(datum, s.x[n], tosses ? 0 : number(scale.lo, 4).replace("−", "-"), tosses || number(scale.hi, 4).replace("−", "-"), `${this.valueText(s.x[n])}, where ${s.x.filter((v) => v === s.x[n]).length} of ${s.x.length} are`);
  }

  // The record: F and l after every deed, and the gap where you are now.
  record() {
    const { now: s, narrow, id, reached } = this, entries = s.record, last = entries.length - 1;
    if (!narrow) return;
    let most = 12;
    while (most < last) most *= 2;
    const machine = reached && reached.x === s.x && reached.K === this.K && reached.hard === s.hard ? reached.l : undefined;
    const highest = Math.max(s.high, machine ?? -Infinity, ...entries.map(({ l }) => l).filter(Number.isFinite));
    const low = s.low, high = highest + 0.12 * (highest - low), left = 58, right = narrow - 12, top = 30, floor = HEIGHT - 52;
    const share = (i) => (most <= 12 ? i / most : Math.log1p(i) / Math.log1p(most)); // of many deeds, room for the first
    const px = (i) => left + 8 + (right - left - 16) * share(i), y = (v) => clamp(top, floor - ((floor - top) * (v - low)) / (high - low), floor + 2000);
    const line = (name) => entries.map((entry, i) => `${i ? "L" : "M"}${px(i).toFixed(1)} ${y(Number.isFinite(entry[name]) ? entry[name] : low - 9 * (high - low)).toFixed(1)}`).join("");
    const scale = ticks(low, high, 5).filter(([v]) => y(v) <= floor).map(([v, text]) => `<path d="M${left} ${y(v)}h-5"/><text x="${left - 8}" y="${y(v) + 4.5}" text-anchor="end">${text}</text>`);
    const deeds = most <= 12 ? entries.map(({ kind }, i) => `<text x="${px(i)}" y="${floor + 18}" text-anchor="middle">${LETTER[kind]}</text>`)
      : [0, 1, 3, 10, 30, 100, 300, 1000, 3000].filter((v) => v <= most).map((v) => `<path d="M${px(v)} ${floor}v5"/><text x="${px(v)}" y="${floor + 18}" text-anchor="middle">${v}</text>`);
    const x = px(last), [yl, yF] = [y(s.l), y(s.F)], foot = (v) => Math.min(v, floor - 10), anchor = share(last) > 0.7 ? `x="${x - 12}" text-anchor="end"` : `x="${x + 12}"`;
    const apart = Math.max(0, 15 - (foot(yF) - foot(yl))) / 2, nameF = Math.min(foot(yF) + 4.5 + apart, floor - 5), namel = Math.min(foot(yl) + 4.5 - apart, nameF - 15);
    const dot = (v, role) => (v > floor - 1 ? `<path class="em-${role}-dot" d="M${x - 6} ${floor - 10}h12l-6 9z"/>` : `<circle class="em-${role}-dot" cx="${x}" cy="${v}" r="5"/>`);
    this.strip.innerHTML = `<defs><clipPath id="${id}-clip"><rect x="${left}" y="${top - 4}" width="${right - left}" height="${floor - top + 4}"/></clipPath>
      <pattern id="${id}-gap" width="7" height="7" patternUnits="userSpaceOnUse"><path d="M-2 9L9 -2M-2 2L2 -2M5 9L9 5"/></pattern></defs>
      <g class="em-fixed"><path d="M${left} ${top - 4}V${floor}H${right}"/>${scale.join("")}${deeds.join("")}<text x="${(left + right) / 2}" y="${floor + 40}" text-anchor="middle">${most <= 12 ? "your deeds: E, M, or q, θ, x by hand" : "deeds"}</text><text x="${left - 50}" y="14">F and ℓ so far</text></g>
      <g clip-path="url(#${id}-clip)"><rect class="em-gap" x="${x - 6}" y="${yl}" width="12" height="${Math.max(0, yF - yl)}" style="fill: url(#${id}-gap)"/>
      <path class="em-l" d="${line("l")}"/><path class="em-F" d="${line("F")}"/></g>${dot(yF, "F")}${dot(yl, "l")}
      ${machine === undefined ? "" : `<path class="em-machine" d="M${left} ${y(machine)}H${right}"/><text class="em-name" x="${right}" y="14" text-anchor="end">machine: ℓ = ${number(machine, 2)}</text>`}
      <text class="em-name em-l-name" ${anchor} y="${namel}">ℓ</text><text class="em-name em-F-name" ${anchor} y="${nameF}">F</text>`;
    this.strip.setAttribute("aria-label", `The record of ${last} deeds: ℓ is ${number(s.l)}, F is ${number(s.F)}.`);
  }
}

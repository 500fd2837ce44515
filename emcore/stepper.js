// Shows one page at a time of a figure that Python has drawn. No mathematics: it only moves what is
// drawn at one page to where it is drawn at the next.
const NUMBER = /(?<![\w#.-])-?\d+(?:\.\d+)?(?!\w)/g;
const MORPH_MS = 250;

const shape = (svg) => svg.replace(NUMBER, "0");

function between(from, to, share) {
  const start = from.match(NUMBER) || [];
  let i = 0;
  return to.replace(NUMBER, (end) => {
    const begin = start[i++];
    return begin === end ? end : (+begin + (end - begin) * share).toFixed(3); // the smallest move, 0.01, begins at once
  });
}

const canMorph = (from, to) => from && to && !to.includes("<text") && shape(from) === shape(to);

function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

// Names for the controls, for whoever cannot see them. A handle tells what the readout shows, not its place in a list.
function nameControls(box) {
  const set = (node, name, value) => node.getAttribute(name) === value || node.setAttribute(name, value);
  for (const slider of box?.querySelectorAll(".widget-slider") ?? []) {
    const handle = slider.querySelector(".noUi-handle"), readout = slider.querySelector(".widget-readout");
    if (!handle) continue; // Colab's older sliders have none
    const name = slider.querySelector(".widget-label").textContent.trim();
    const tell = () => set(handle, "aria-valuetext", readout.textContent);
    set(handle, "aria-label", name);
    set(handle, "data-lm-suppress-shortcuts", "true"); // or JupyterLab takes the arrow keys for itself
    set(readout, "role", "textbox");
    set(readout, "aria-label", `${name}, shown value`);
    new MutationObserver(tell).observe(handle, { attributeFilter: ["aria-valuetext"] });
    tell();
  }
  const names = ["Play or pause", "Stop and go back to the start", "Repeat"];
  box?.querySelectorAll(".widget-play button").forEach((button, i) => {
    for (const attribute of ["aria-label", "title"]) set(button, attribute, names[i]);
  });
}

function render({ model, el }) {
  const picture = element("div", { class: "em-picture", role: "img", "aria-label": model.get("alt") });
  const caption = element("p", { class: "em-caption", "aria-live": "polite" });
  const back = element("button", { type: "button", "aria-label": "Previous frame" }, "◀");
  const next = element("button", { type: "button", "aria-label": "Next frame" }, "▶");
  const row = element("div", { class: "em-caption-row" }, back, caption, next);
  picture.innerHTML = model.get("scene");
  el.classList.add("em-stepper");
  el.append(picture, row);
  for (const [text, [start, step]] of Object.entries(model.get("jumps"))) {
    const jump = element("button", { type: "button", class: "em-jump" }, text);
    jump.addEventListener("click", () => { model.set({ start, step }); model.save_changes(); });
    el.append(jump);
  }

  new ResizeObserver((_, attached) => { nameControls(el.closest(".widget-vbox")); attached.disconnect(); }).observe(el);

  const slots = model.get("slots").map(([axes, part]) => {
    const slot = document.createElementNS("http://www.w3.org/2000/svg", "g");
    slot.dataset.part = part;
    picture.querySelector(`[id="${axes}"]`).append(slot);
    return slot;
  });
  const parts = model.get("parts");
  const shown = slots.map(() => "");
  const paint = (i, svg) => { if (shown[i] !== svg) slots[i].innerHTML = shown[i] = svg; };
  let request;

  function show() {
    const page = model.get("pages")[model.get("start")][model.get("step")];
    const target = page.parts.map((part) => parts[part]);
    const from = [...shown];
    const morph = target.map((svg, i) => from[i] !== svg && canMorph(from[i], svg));
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches || !morph.some(Boolean);
    const began = performance.now();
    caption.textContent = page.caption;
    back.setAttribute("aria-disabled", model.get("step") === 0); // not disabled: the focus would be lost
    next.setAttribute("aria-disabled", model.get("step") === model.get("pages")[model.get("start")].length - 1);
    cancelAnimationFrame(request);
    target.forEach((svg, i) => { if (still || !morph[i]) paint(i, svg); });
    if (still) return;
    const tick = () => {
      const elapsed = Math.min(1, (performance.now() - began + 8) / MORPH_MS);
      const share = 1 - (1 - elapsed) ** 3;
      target.forEach((svg, i) => { if (morph[i]) paint(i, elapsed < 1 ? between(from[i], svg, share) : svg); });
      if (elapsed < 1) request = requestAnimationFrame(tick);
    };
    request = requestAnimationFrame(tick);
  }

  const go = (step) => {
    const last = model.get("pages")[model.get("start")].length - 1;
    model.set("step", Math.max(0, Math.min(last, step)));
    model.save_changes();
  };
  back.addEventListener("click", () => go(model.get("step") - 1));
  next.addEventListener("click", () => go(model.get("step") + 1));
  model.on("change:step change:start", show);
  show();
  return () => { cancelAnimationFrame(request); model.off("change:step change:start", show); };
}

export default { render };

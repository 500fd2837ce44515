// A passage that walks through the figure above it: paragraphs that begin with <b data-to="start,page">. Where the window
// has room for both, the figure stays in view (course.css), and the paragraph that is being read sets its page; while the
// figure asks a question, only a press does. Elsewhere a paragraph's first words lead to the figure, and a link leads back.
// Words in <span data-mark="names"> light up the figure's parts of these names.
addEventListener("DOMContentLoaded", () => {
  for (const figure of document.querySelectorAll(".cell em-figure")) {
    const paragraphs = [];
    let next = figure.closest(".cell").nextElementSibling;
    for (; next?.querySelector(":scope > b[data-to]"); next = next.nextElementSibling) paragraphs.push(next);
    if (paragraphs.length) walk(figure, paragraphs);
  }
});

function walk(figure, paragraphs) {
  const passage = document.createElement("div"), stays = () => getComputedStyle(figure).position === "sticky";
  passage.className = "em-walk";
  figure.classList.add("em-walked");
  passage.append(...paragraphs);
  figure.after(passage);
  for (const words of passage.querySelectorAll("[data-to], [data-mark]")) {
    const link = document.createElement("a");
    link.href = `#${figure.id}`;
    link.title = words.dataset.to ? "Show this in the figure" : "Lights up in the figure";
    link.append(...words.childNodes);
    words.append(link);
  }

  // Open: not yet revealed, and the figure is where it asks. To go on would give the answer away.
  const asks = () => figure.guess && !figure.guess.done && figure.step === figure.book.at && !figure.start;
  let read;
  const pass = (paragraph) => {
    read?.removeAttribute("aria-current");
    read = paragraph;
  };
  const show = (paragraph) => {
    pass(paragraph);
    read.setAttribute("aria-current", "step");
    figure.play(false);
    figure.go(...read.firstElementChild.dataset.to.split(",").map(Number));
  };
  const light = (names = "") => {
    for (const part of figure.querySelectorAll(".em-lit")) part.classList.remove("em-lit");
    for (const name of names.split(" ")) {
      const moving = figure.slots.filter((_, i) => figure.book.slots[i] === name);
      for (const part of [...moving, ...figure.querySelectorAll(`[data-name="${name}"]`)]) part.classList.add("em-lit");
    }
  };
  for (const kind of ["pointerover", "focusin", "click"]) {
    passage.addEventListener(kind, (event) => {
      const mark = event.target.closest("[data-mark]"), paragraph = event.target.closest(".em-walk > *");
      if (paragraph && (kind === "click" || (paragraph !== read && !asks() && (mark || kind === "focusin")))) show(paragraph);
      light(mark?.dataset.mark);
      if (kind !== "click") return;
      if (stays()) event.preventDefault(); // the figure is there already
      else if (event.target.closest("a")) leadBack(event.target.closest("a"));
    });
  }
  passage.addEventListener("pointerleave", () => light());
  passage.addEventListener("focusout", (event) => event.relatedTarget && light()); // a link that was followed keeps its light

  const back = document.createElement("a");
  [back.className, back.textContent] = ["em-back", "Back to the text"];
  const leadBack = (link) => {
    figure.querySelector(".em-bar").after(back);
    back.href = `#${figure.id}`;
    back.onclick = (event) => {
      event.preventDefault();
      back.remove();
      link.focus({ preventScroll: true });
      link.scrollIntoView({ block: "center" });
    };
  };

  // The paragraph that is being read is in the middle below the figure; the reader's own moves last until it is another.
  // At the end the figure leaves with the last paragraph, and does not cover it.
  let reading;
  const watch = () => {
    reading?.disconnect();
    const head = document.querySelector(".bd-header-article").offsetHeight;
    const top = head + 6 - figure.querySelector(".em-picture").offsetTop;
    const line = Math.round((top + figure.offsetHeight + innerHeight) / 2);
    const places = { top, line, last: paragraphs.at(-1).offsetHeight };
    for (const [name, y] of Object.entries(places)) passage.parentNode.style.setProperty(`--em-${name}`, `${y}px`);
    if (!stays()) return;
    reading = new IntersectionObserver((seen) => {
      for (const { isIntersecting, target } of seen) {
        if (asks() && (isIntersecting || target === read)) pass(isIntersecting ? target : undefined);
        else if (isIntersecting && target !== read) show(target);
      }
    }, { rootMargin: `${-line}px 0px ${line + 1 - innerHeight}px` });
    for (const paragraph of paragraphs) reading.observe(paragraph);
  };
  const sizes = new ResizeObserver(watch);
  for (const node of [figure, paragraphs.at(-1)]) sizes.observe(node);
  addEventListener("resize", watch);
}

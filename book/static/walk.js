// A passage that walks through the figure above it: paragraphs that begin with <b data-to="start,page">. Where the window
// has room for both, the figure stays in view (course.css), and the paragraph that is being read sets its page.
// Elsewhere a paragraph's first words lead to the figure. Words in <span data-mark="names"> light up its parts of these names.
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

  let read;
  const show = (paragraph) => {
    read?.removeAttribute("aria-current");
    read = paragraph;
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
      if (paragraph && (kind === "click" || (paragraph !== read && (mark || kind === "focusin")))) show(paragraph);
      light(mark?.dataset.mark);
      if (kind === "click" && stays()) event.preventDefault(); // the figure is there already
    });
  }
  passage.addEventListener("pointerleave", () => light());
  passage.addEventListener("focusout", (event) => event.relatedTarget && light()); // a link that was followed keeps its light

  // The paragraph that is being read is the one just below the figure; the reader's own moves last until it is another.
  let reading;
  const watch = () => {
    reading?.disconnect();
    const head = document.querySelector(".bd-header-article").offsetHeight;
    const top = head + 6 - figure.querySelector(".em-picture").offsetTop, line = top + figure.offsetHeight + 40;
    figure.style.setProperty("--em-top", `${top}px`);
    if (!stays()) return;
    reading = new IntersectionObserver((seen) => {
      for (const { isIntersecting, target } of seen) if (isIntersecting && target !== read) show(target);
    }, { rootMargin: `${-line}px 0px ${line + 1 - innerHeight}px` });
    for (const paragraph of paragraphs) reading.observe(paragraph);
  };
  new ResizeObserver(watch).observe(figure);
  addEventListener("resize", watch);
}

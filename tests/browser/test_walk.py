"""A passage that walks through a figure: it stays in view while one reads, and the paragraph sets its page."""

import pytest
from book_helpers import DESK, HTML, PHONE, PROJECTOR, pages

pytest_plugins = ["book_fixtures"]

LOW = {"width": 1280, "height": 720}
WALKING = [name for name in pages() if '<b data-to="' in (HTML / name).read_text(encoding="utf8")]
SIZES = pytest.mark.parametrize("size", [DESK, LOW, PROJECTOR], ids=["desk", "low", "projector"])
# Scroll a paragraph to the middle below the figure, wait for what follows from it, and say what is seen then.
READ = """async ([root, paragraph]) => {
    const box = node => node.getBoundingClientRect(), head = document.querySelector(".bd-header-article").offsetHeight;
    const picture = root.querySelector(".em-picture"), stays = head + box(root).bottom - box(picture).top;
    scrollBy(0, box(paragraph).top + box(paragraph).height / 2 - (stays + innerHeight) / 2);
    for (let i = 0; i < 3; i++) await new Promise(requestAnimationFrame);
    const [, sentence] = root.page;
    return {
        page: [root.start, root.step].join(), caption: root.querySelector(".em-now p").textContent, sentence, head,
        picture: box(picture).top, bottom: box(root).bottom, height: box(root).height,
        marked: [...root.parentNode.querySelectorAll("[aria-current]")].map(node => node === paragraph).join(),
    };
}"""
# Scroll through a passage, half a notch of the wheel at a time: the pages that were seen, for how many pixels each, and
# where the paragraph that was read was not wholly seen.
SCROLL = """async root => {
    const paragraphs = [...root.nextElementSibling.children], held = [], covered = [];
    scrollBy(0, root.parentNode.getBoundingClientRect().top - innerHeight / 3);
    while (root.getBoundingClientRect().bottom > 48) {
        for (let i = 0; i < 2; i++) await new Promise(requestAnimationFrame);
        const current = paragraphs.find(node => node.ariaCurrent), page = [root.start, root.step].join();
        const above = root.getBoundingClientRect().bottom, {top, bottom} = current?.getBoundingClientRect() ?? {};
        if (top < above - 1 || bottom > innerHeight + 1) covered.push([page, above, top, bottom]);
        if (current && held.at(-1)?.[0] !== page) held.push([page, 0]);
        if (current) held.at(-1)[1] += 50;
        scrollBy(0, 50);
    }
    return [held, covered];
}"""
FRAMES = "async () => { for (let i = 0; i < 3; i++) await new Promise(requestAnimationFrame); }"
PAGE = "root => [root.start, root.step].join()"


@pytest.fixture(params=WALKING)
def name(request):
    return request.param


def passages(page, *, revealed=True):
    """The figures that are walked through, what they ask revealed, each with its paragraphs."""
    found = page.locator("em-figure.em-walked").all()
    assert found, f"{page.name}: no figure is walked through"
    for figure in found if revealed else ():
        figure.evaluate("root => root.guess && root.reveal()")
    return [(figure, figure.locator("+ .em-walk > p").all()) for figure in found]


def read(figure, paragraph):
    return figure.page.evaluate(READ, [figure.element_handle(), paragraph.element_handle()])


def leads_to(paragraph):
    return paragraph.locator("[data-to]").get_attribute("data-to")


def test_there_are_pages_that_walk():
    assert len(WALKING) >= 4


@SIZES
def test_the_figure_stays_in_view_and_the_paragraph_sets_its_page(visit, name, size):
    with visit(name, size=size) as page:
        for figure, paragraphs in passages(page):
            for paragraph in [*paragraphs, *reversed(paragraphs)]:
                seen, to = read(figure, paragraph), leads_to(paragraph)
                what = f"{name} at {to}: {seen}"
                assert seen["page"] == to and seen["marked"] == "true" and seen["caption"] == seen["sentence"], what
                assert seen["picture"] >= seen["head"] - 1, what
                assert seen["bottom"] <= 0.55 * size["height"], f"less than 45 % of the window for the text: {what}"
            heights = {read(figure, paragraph)["height"] for paragraph in paragraphs}
            assert len(heights) == 1, heights
            after = figure.evaluate("""async root => {
                const cell = root.closest(".cell");
                scrollBy(0, cell.getBoundingClientRect().bottom - 48);
                await new Promise(requestAnimationFrame);
                return root.getBoundingClientRect().bottom;
            }""")
            assert after <= 48, f"{name}: the figure stays after its passage, down to {after}"


@SIZES
def test_each_paragraph_holds_for_more_than_a_notch_of_the_wheel_and_is_wholly_seen(visit, name, size):
    with visit(name, size=size) as page:
        for figure, paragraphs in passages(page):
            held, covered = figure.evaluate(SCROLL)
            assert [to for to, _ in held] == [leads_to(paragraph) for paragraph in paragraphs], f"{name}: {held}"
            assert min(pixels for _, pixels in held) >= 150 and not covered, f"{name}: {held}, {covered}"


@pytest.mark.parametrize("way", ["reveal", "move", "press"])
def test_scrolling_does_not_answer_what_the_figure_asks(visit, name, way):
    with visit(name) as page:
        for figure, (first, second, *others) in passages(page, revealed=False):
            if not figure.locator(".em-asked").count():
                continue
            opening = figure.evaluate(PAGE)
            for paragraph in (first, second, *others):
                seen = read(figure, paragraph)
                for link in paragraph.locator("a").all():
                    link.hover()
                    link.focus()
                assert figure.evaluate(PAGE) == opening != leads_to(paragraph) and not seen["marked"], f"{name}: {seen}"
            page.mouse.move(0, 0)
            page.evaluate("document.activeElement.blur()")
            if way == "reveal":  # while the first paragraph is read already: what is revealed is not turned away
                read(figure, first)
                figure.evaluate("root => root.reveal()")
                page.evaluate("() => { dispatchEvent(new Event('resize')); }")
                page.evaluate(FRAMES)
                assert figure.evaluate(PAGE) == figure.evaluate("root => root.book.predict.page.join()")
                read(figure, second)
            elif way == "press":
                read(figure, second)
                second.locator("[data-to] a").click()
                assert figure.evaluate(PAGE) == leads_to(second)
            else:
                figure.evaluate("root => scrollBy(0, root.parentNode.getBoundingClientRect().top - innerHeight / 3)")
                page.evaluate(FRAMES)
                figure.evaluate("root => root.move(0, 1)")
            for paragraph in (first, second, *others):
                assert read(figure, paragraph)["page"] == leads_to(paragraph), f"{name}, {way}"


def test_the_readers_own_move_stays_until_another_paragraph_is_reached(visit, name):
    with visit(name) as page:
        for figure, paragraphs in passages(page):
            read(figure, paragraphs[0])
            figure.locator("button[data-do=reset]").evaluate("button => button.click()")
            figure.evaluate("root => root.move(root.start, root.last)")
            own = figure.evaluate("root => [root.start, root.last].join()")
            page.evaluate("""async () => {
                dispatchEvent(new Event("resize"));  // which looks anew
                for (const by of [4, 0, 0, -4, 0, 0]) { scrollBy(0, by); await new Promise(requestAnimationFrame); }
            }""")
            assert figure.evaluate(PAGE) == own
            assert read(figure, paragraphs[1])["page"] == leads_to(paragraphs[1])
            paragraphs[0].locator("[data-to] a").evaluate("link => link.click()")
            assert figure.evaluate(PAGE) == leads_to(paragraphs[0])


@pytest.mark.parametrize("way", ["hover", "focus"])
def test_a_word_lights_up_its_marks(visit, name, way):
    with visit(name) as page:
        for figure, paragraphs in passages(page):
            lit = figure.locator(".em-lit")
            for paragraph in paragraphs:
                for word in paragraph.locator("[data-mark] a").all():
                    read(figure, paragraph)
                    getattr(word, way)()
                    assert word.get_attribute("title"), f"{name}: what {word.text_content()!r} does is not said"
                    for name_ in word.evaluate("word => word.parentNode.dataset.mark").split():
                        parts = figure.evaluate(
                            """(root, name) => [...root.querySelectorAll(".em-lit")].filter(part => part.innerHTML
                                && (part.dataset.name || root.book.slots[part.dataset.slot]) === name
                                && getComputedStyle(part).filter !== "none").length""",
                            name_,
                        )
                        assert parts, f"{name}, {leads_to(paragraph)}: {name_} is not lit up by {way}"
                    page.mouse.move(0, 0) if way == "hover" else figure.locator(".em-bar button").first.focus()
                    assert lit.count() == 0, f"{name}: lit when it is left"


def test_by_keyboard_no_word_is_covered_by_the_figure(visit, name):
    with visit(name, size=LOW) as page:
        for figure, _ in passages(page):
            for link in figure.locator("+ .em-walk a").all():
                link.evaluate("async link => { link.focus(); await new Promise(requestAnimationFrame); }")
                top, bottom, below, current = figure.evaluate("""async root => {
                    await new Promise(requestAnimationFrame);
                    const {top, bottom} = document.activeElement.getBoundingClientRect();
                    const current = document.activeElement.closest("p").ariaCurrent;
                    return [top, bottom, root.getBoundingClientRect().bottom, current];
                }""")
                assert current, f"{name}: {link.text_content()!r} has the focus, and another paragraph is read"
                assert below <= top and bottom <= LOW["height"], (
                    f"{name}: {link.text_content()!r} from {top} to {bottom}"
                )
            figure.locator("button[data-do=reset]").focus()
            page.keyboard.press("Shift+Tab")
            read(figure, figure.locator("+ .em-walk > p").first)
            top, head = page.evaluate("""() => {
                const bar = document.querySelector(".bd-header-article");
                return [document.activeElement.getBoundingClientRect().top, bar.offsetHeight];
            }""")
            assert top >= head, f"{name}: the control in focus is covered, its top at {top}"


def test_on_a_phone_the_first_words_lead_to_the_figure_and_back(visit, name):
    with visit(name, size=PHONE) as page:
        for figure, paragraphs in passages(page):
            opened = figure.evaluate(PAGE)
            for paragraph in paragraphs:
                read(figure, paragraph)
            assert figure.evaluate(PAGE) == opened, "scrolling alone set a page"
            for paragraph in paragraphs:
                link = paragraph.locator("[data-to] a")
                box = link.bounding_box()
                assert box["height"] >= 24, f"{name}: {box}"
                link.scroll_into_view_if_needed()
                link.click()
                page.wait_for_function(
                    "root => Math.abs(root.getBoundingClientRect().top) <= 120", arg=figure.element_handle()
                )
                back = page.locator(".em-back")
                assert back.count() == 1 and back.bounding_box()["height"] >= 24, f"{name}: no way back"
                assert back.bounding_box()["y"] < PHONE["height"], f"{name}: the way back is out of view"
                back.click()
                top, bottom, head = link.evaluate("""async link => {
                    await new Promise(requestAnimationFrame);
                    const {top, bottom} = document.activeElement === link ? link.getBoundingClientRect() : {};
                    return [top, bottom, document.querySelector(".bd-header-article").getBoundingClientRect().bottom];
                }""")
                assert head <= top < bottom <= PHONE["height"] and not back.count(), f"{name}: {top}, {bottom}"
                assert figure.evaluate(PAGE) == leads_to(paragraph)

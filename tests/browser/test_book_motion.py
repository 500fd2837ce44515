"""Between frames: parts move where motion is welcome, and soon stand exactly where they belong."""

from book_helpers import STATE, figures, prepare, some_pages

pytest_plugins = ["book_fixtures"]

RECORD = f"""([root, step]) => new Promise(done => {{
    const seen = [];
    let quiet = 0;
    const look = () => {{
        const picture = ({STATE})(root)[1];
        if (seen.at(-1) === picture) quiet += 1;
        else {{ seen.push(picture); quiet = 0; }}
        if (quiet < 4 || root.motion) requestAnimationFrame(look); else done(seen);
    }};
    root.go(0, step);
    requestAnimationFrame(look);
}})"""


def record(figure, step):
    """Go to a page; every picture that followed until all was quiet for some frames."""
    return figure.page.evaluate(RECORD, [figure.root.element_handle(), step])


@some_pages
def test_parts_move_and_soon_rest_exactly_where_the_frame_has_them(page, frames):
    prepare(page, motion="no-preference")
    for figure, shown in zip(figures(page), frames[page.name], strict=True):
        last, most = len(shown[0]) - 1, 0
        for step in (1, min(5, last), last):
            seen = record(figure, step)
            most = max(most, len(seen))
            assert seen[-1] == shown[0][step].state.picture, f"{figure.name} rests elsewhere than on page {step}"
        assert most > 3, f"{figure.name}: {most} pictures from one page to another: it jumps"


@some_pages
def test_with_reduced_motion_a_page_is_there_at_once(page, frames):
    prepare(page)
    for figure, shown in zip(figures(page), frames[page.name], strict=True):
        seen = record(figure, len(shown[0]) - 1)
        assert seen == [shown[0][-1].state.picture], f"{figure.name} shows {len(seen)} pictures"

"""Figures to step through: frames, a drawing and words go in; a figure for notebooks and for pages comes out."""

import hashlib
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from .. import validate
from .grab import handles, shares, spread
from .pages import Pages, draw_pages

MINUS = str.maketrans("-", "−")


class Words(NamedTuple):
    """What a page says: one sentence, and its numbers by name, such as {"ℓ": "−44.720"}."""

    sentence: str
    numbers: Mapping[str, str] = {}

    def __str__(self) -> str:
        return "  ".join([self.sentence, *(f"{name} {value}" for name, value in self.numbers.items())])


def number(value: float | None, digits: int = 3) -> str:
    """value with so many decimals and a true minus sign, no minus before a zero; – where there is none."""
    if value is None:
        return "–"
    text = f"{value:.{digits}f}"
    return text.lstrip("-") if float(text) == 0 else text.translate(MINUS)


def significant(value: float, digits: int = 2) -> str:
    """value with so many significant digits, as 0.0012 or 1.2e−05, and true minus signs."""
    return f"{value:.{digits}g}".translate(MINUS)


class Predict(NamedTuple):
    """What the reader is asked to mark on the axes before the figure shows it.

    kind: "point" moves freely, "across" only sideways, "height" only up and down at the truth's x, "curve" up and
    down at each x of the truth. page: (start, page) where `part` shows the truth, which is in data coordinates.
    """

    question: str
    kind: str
    truth: Sequence[tuple[float, float]]  # one place, or the knots of a curve
    page: tuple[int, int]
    part: str
    panel: int = 0
    digits: int = 2
    unit: str = ""


class Shown:
    """What a notebook shows as a widget, and a page, behind which no kernel stands, as an element of its own."""

    def html(self) -> str:
        raise NotImplementedError

    def widget(self) -> dict[str, Any]:
        raise NotImplementedError

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        text = {"text/plain": repr(self)}
        if os.environ.get("EMCORE_FIGURES") == "html":  # a page is being built
            return {**text, "text/html": self.html()}
        return {**text, "application/vnd.jupyter.widget-view+json": self.widget()}


class Stepper(Shown):
    """A stepped figure. str() of it is its captions; a notebook shows it with ipywidgets, a page with its own controls.

    pages: the drawings. says: [start][step], the words. plan: names of starts and stops, where it opens, its buttons.
    """

    def __init__(self, pages: Pages, says: list[list[Words]], plan: dict[str, Any]):
        self.pages, self.says, self.plan = pages, says, plan

    def __repr__(self) -> str:
        several = len(self.says) > 1
        return "\n".join(
            line
            for name, words in zip(self.plan["starts"], self.says, strict=True)
            for line in [f"{self.plan['start_label']} {name}:"] * several
            + [f"{i:2d}  {w}" for i, w in enumerate(words)]
        )

    def html(self) -> str:
        from .page import html

        return html(self)

    def widget(self) -> dict[str, Any]:
        from .widget import widget

        return widget(self)


def stepper(
    frames: Iterable | Mapping[str, Iterable],
    draw: Callable,
    say: Callable,
    *,
    axes: Any,
    title: str,
    alt: str,
    label: str = "half-step",
    stops: Iterable | None = None,
    start_label: str = "start",
    kinds: Sequence[str] | None = None,
    choices: bool = False,
    jumps: Mapping[str, tuple[int, int]] | None = None,
    details: Mapping[int, str] | None = None,
    at: int = 0,
    interval: int = 900,
    grab: str | Sequence[str] | None = "theta",
    places: tuple[int, Sequence[tuple[float, float]]] | None = None,
    predict: Predict | None = None,
) -> Stepper:
    """Make a figure to step through: a picture, one bar of controls, and words with their numbers.

    - `frames`: a sequence with one item a page; or a dict of name -> sequence, which adds a choice among the names
      (a shorter sequence rests on its last page).
    - `draw(axes, frame)`: adds to the axes what moves, in plain matplotlib. What was on the axes before stays, and
      so do their limits. A part's gid, where it has one, is its name in the page.
    - `say(frame) -> Words | str`: the page in words: one sentence, and its numbers.
    - `axes`: one Axes or an array of them, from `panels`; each figure of theirs is a panel.
    - `title`: what the figure shows, as a claim. `alt`: the picture in words.
    - `label`, `stops`: the slider's name, and what it says at each page. `choices`: buttons instead of the slider.
    - `kinds`: "init", "E" or "M" for each page: then there are buttons for E and M. A frame that is a half-step
      of `fit`, or holds one as its `step`, says so itself.
    - `jumps`: extra buttons, {text: (start, page)}. `at`: the page it opens on. `details`: panels that are folded
      away, {panel: the fold's title}. `grab`: the names of the parts that can be dragged in the picture; a drag
      shows the page where the part is nearest.
    - `places`: (panel, [(x, y), ...]) where each page is a place of its own in a panel, in data coordinates: then
      there is no slider, and one drags a handle over the places, or walks it with the arrow keys.
    - `predict`: a question that one answers on the axes; a button then shows the answer, and by how much one missed.

    Raises ValueError where these do not go together, or where `draw` changes what stays.
    """
    series = {str(name): list(run) for name, run in (frames if isinstance(frames, Mapping) else {"": frames}).items()}
    if not series or not all(series.values()):
        raise ValueError(f"frames must hold at least one frame in every sequence; got {validate.short(frames)}")
    for name, text in (("title", title), ("alt", alt)):
        if not isinstance(text, str) or not text.strip():
            raise ValueError(f"{name} must say in words what the figure shows; got {text!r}")
    length = max(map(len, series.values()))
    stops = [str(stop) for stop in (range(length) if stops is None else stops)]
    if len(stops) != length:
        raise ValueError(f"stops must name each of {length} pages; got {len(stops)}: {validate.short(stops)}")
    interval = validate.whole_number("interval", interval, above=0)
    jumps = {text: _place(text, place, len(series), length) for text, place in (jumps or {}).items()}
    _place("at", (0, at), len(series), length)

    says = [[_words(say(frame)) for frame in run] for run in series.values()]
    names = {tuple(words.numbers) for run in says for words in run}
    if len(names) > 1:
        one, other, *_ = sorted(names, key=len)
        raise ValueError(
            f"say must name the same numbers on every page; got {list(one)} and {list(other)}: use – for none"
        )
    if places and (len(series) > 1 or len(places[1]) != length):
        raise ValueError(f"places must name one for each of {length} pages of one start; got {len(places[1])}")
    salt = "em" + hashlib.sha1(repr((title, alt, says)).encode()).hexdigest()[:6]
    pages = draw_pages(axes, draw, series.values(), salt=salt)
    folded = list(details or {})
    grabbed = handles(pages, [grab] if isinstance(grab, str) else grab or (), folded)
    plan = {
        "id": salt, "title": title, "alt": alt, "label": label, "stops": stops, "choices": choices,
        "starts": list(series), "start_label": start_label,
        "kinds": list(kinds or _kinds(max(series.values(), key=len))),
        "jumps": jumps, "details": dict(details or {}), "at": at, "interval": interval,
        "handles": [spread(pages, *places, label)] if places else grabbed,
        "places": bool(places),
        "predict": predict and _asked(predict, pages, folded, len(series), length),
    }  # fmt: skip
    return Stepper(pages, says, plan)


def _asked(predict: Predict, pages: Pages, folded: list[int], starts: int, length: int) -> Predict:
    """The prediction, checked."""
    question, kind, truth, page, part, panel, *_ = predict
    _place("predict", page, starts, length)
    if not isinstance(question, str) or not question.strip().endswith(("?", ".")):
        raise ValueError(f"predict must ask one question; got {question!r}")
    if kind not in ("point", "across", "height", "curve"):
        raise ValueError(f'predict must be a "point", "across", a "height" or a "curve"; got {kind!r}')
    if not 0 <= panel < len(pages.scenes) or panel in folded:
        raise ValueError(f"predict must ask about a panel that is seen, from 0 to {len(pages.scenes) - 1}; got {panel}")
    if part not in pages.slots:
        raise ValueError(f"predict must name a part that is drawn; got {part!r}, not one of {sorted(set(pages.slots))}")
    if (kind == "curve") != (len(truth) > 1):
        raise ValueError(f"predict needs one place as its truth, or several for a curve; got {len(truth)} for {kind}")
    places = shares(pages, panel, truth)
    if not ((places >= 0) & (places <= 1)).all():
        raise ValueError(f"predict must have its truth within the axes; got {validate.short(truth)}")
    return predict


def _words(said: Any) -> Words:
    return said if isinstance(said, Words) else Words(str(said))


def _place(what: str, place: Any, starts: int, length: int) -> tuple[int, int]:
    try:
        start, step = place
        if 0 <= start < starts and 0 <= step < length:
            return int(start), int(step)
    except (TypeError, ValueError):
        pass
    allowed = f"a start from 0 to {starts - 1} and a page from 0 to {length - 1}"
    raise ValueError(f"{what} must lead to {allowed}; got {place!r}")


def _kinds(run: list) -> list[str]:
    """The kinds of the half-steps that the frames are or hold; [] where they are something else."""
    steps = [getattr(frame, "step", frame) for frame in run]
    kinds = [getattr(step, "kind", None) for step in steps]
    return kinds if all(kind in ("init", "E", "M") for kind in kinds) else []

"""Figures whose pages the browser turns: matplotlib draws them here, a slider shows them there.

A stepped figure needs no kernel once it is made: it is alive in JupyterLab, in Colab and in a static
page. There is no mathematics in this file, and none in the browser.
"""

import hashlib
import io
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import anywidget
import ipywidgets
import matplotlib.pyplot as plt
import numpy as np
import traitlets

from . import validate
from .plots import PALETTE

HERE = Path(__file__).parent
DARK = ':is(html[data-theme="dark"], html[theme="dark"], body[data-jp-theme-light="false"])'
NUMBER = re.compile(r"(?<![\w#.-])-?\d+\.\d+(?!\w)")
HYPHEN = re.compile(r"(?<![\w.)-])-(?=\.?\d)")  # before a number it is a minus
TAG = re.compile(r"<[^>]*>")  # what is written between tags is for the reader, and stays as it is
POLYLINE = re.compile(r'(?<= d=")M \S+ \S+ \s*(?:L \S+ \S+ \s*){3,}(?=")')
SVG = "{http://www.w3.org/2000/svg}"
ET.register_namespace("", SVG.strip("{}"))
ET.register_namespace("xlink", "http://www.w3.org/1999/xlink")


def stylesheet() -> str:
    """The palette as CSS variables, light and dark, and the look of a stepper."""
    light, dark = ("".join(f"--em-{role}: {c[i]}; " for role, c in PALETTE.items()) for i in (0, 1))
    look = (HERE / "stepper.css").read_text(encoding="utf-8")
    return f".em-stepper {{ {light}}}\n{DARK} .em-stepper {{ {dark}}}\n{look}"


class Flipbook(anywidget.AnyWidget):
    """The pages of one figure: a scene that stays, and the parts that each page moves."""

    _esm = HERE / "stepper.js"
    _css = stylesheet()
    alt = traitlets.Unicode().tag(sync=True)
    scene = traitlets.Unicode().tag(sync=True)  # the SVG of what stays
    slots: Any = traitlets.List().tag(sync=True)  # for each moving part: [id of its axes, its name]
    parts: Any = traitlets.List().tag(sync=True)  # every different drawing of a part, once
    pages: Any = traitlets.List().tag(sync=True)  # [start][step]: the caption, and which drawing fills each slot
    jumps = traitlets.Dict().tag(sync=True)  # text of a button -> [start, step]
    start = traitlets.Int(0).tag(sync=True)
    step = traitlets.Int(0).tag(sync=True)

    def __repr__(self) -> str:
        return f"Flipbook({self.alt!r})"


class Stepper(ipywidgets.VBox):
    """A flipbook and its controls. Its text is its captions: words for whoever cannot see the figure."""

    text = ""

    def __repr__(self) -> str:
        return self.text

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        view = {"version_major": 2, "version_minor": 0, "model_id": self.model_id}
        return {"text/plain": self.text, "application/vnd.jupyter.widget-view+json": view}

    _ipython_display_ = None  # in ipywidgets 7 it would be shown instead of the bundle above


def stepper(
    frames: Sequence[Any] | Mapping[str, Sequence[Any]],
    draw: Callable[[Any, Any], None],
    caption: Callable[[Any], str],
    *,
    axes: Any,
    alt: str,
    label: str = "half-step",
    stops: Sequence[Any] | None = None,
    start_label: str = "start",
    jumps: Mapping[str, tuple[int, int]] | None = None,
    at: int = 0,
    interval: int = 900,
) -> Stepper:
    """Make a figure to step through, with Play, a slider, previous, next and a caption in words.

    - `frames`: a sequence with one item a page; or a dict of label -> sequence, which adds a second slider
      over the labels (a shorter sequence rests on its last page).
    - `label`, `stops`: the slider's name, and the text beside it at each page (the page's number if None).
    - `draw(axes, frame)`: draws what moves, in plain matplotlib. What was on the axes before stays, and
      so do their limits. A part's gid, where it has one, is its name in the page.
    - `caption(frame) -> str`: the page in words, with its numbers.
    - `jumps`: extra buttons, {text: (start, step)}, both counted from 0. `at`: the page it opens on.
    - `axes`: one Axes or an array of them, as `plt.subplots` gives. `alt`: what the figure shows, in words.

    Raises ValueError where frames, stops, jumps and at do not go together.
    """
    series = {name: list(pages) for name, pages in (frames if isinstance(frames, Mapping) else {"": frames}).items()}
    if not series or not all(series.values()):
        raise ValueError(f"frames must hold at least one frame in every sequence; got {validate.short(frames)}")
    length, jumps = max(map(len, series.values())), jumps or {}
    stops = list(range(length) if stops is None else stops)
    if len(stops) != length:
        raise ValueError(f"stops must name each of {length} pages; got {len(stops)}: {validate.short(stops)}")
    for start, step in [*jumps.values(), (0, at)]:
        if not (0 <= start < len(series) and 0 <= step < length):
            allowed = f"a start of 0 to {len(series) - 1} and a page of 0 to {length - 1}"
            raise ValueError(f"jumps and at must lead to {allowed}; got ({start}, {step})")
    captions = {name: [_minus(caption(frame)) for frame in pages] for name, pages in series.items()}
    book = _flipbook(series, draw, captions, axes, alt)
    book.jumps, book.step = jumps, at

    play = ipywidgets.Play(max=length - 1, value=at, interval=interval)
    ipywidgets.jslink((play, "value"), (book, "step"))
    wrap = ipywidgets.Layout(flex_flow="row wrap", align_items="center")
    controls = [ipywidgets.HBox([play, _slider(label, stops, book, "step")], layout=wrap)]
    if len(series) > 1:
        controls.append(ipywidgets.HBox([_slider(start_label, series, book, "start")], layout=wrap))
    for row in controls:
        row.add_class("em-controls")
    figure = Stepper([*controls, book])
    figure.text = "\n".join(
        line
        for name, texts in captions.items()
        for line in ([f"{start_label} {name}:"] if len(series) > 1 else [])
        + [f"{i:2d}  {text}" for i, text in enumerate(texts)]
    )
    return figure


def _minus(text):
    """The text with a true minus, as the axes have it, for each hyphen that stands for one."""
    return HYPHEN.sub("−", text)


def _slider(label, stops, book, trait):
    wide = ipywidgets.Layout(flex="1 1 18rem", max_width="30rem", width="auto")
    slider = ipywidgets.SelectionSlider(
        options=[_minus(str(stop)) for stop in stops],
        description=label,
        layout=wide,
        style={"description_width": "initial"},
    )
    slider.index = getattr(book, trait)
    ipywidgets.jslink((slider, "index"), (book, trait))
    return slider


def _flipbook(series, draw, captions, axes, alt):
    fig = np.ravel(axes)[0].figure
    salt = "em" + hashlib.sha1(repr((alt, captions)).encode()).hexdigest()[:8]
    with plt.rc_context({"svg.fonttype": "none", "svg.hashsalt": salt, "path.simplify": False}):
        fig.draw_without_rendering()
        fig.set_layout_engine("none")
        for i, ax in enumerate(np.ravel(axes)):
            ax.set_gid(f"panel{i}")
            ax.autoscale(False)
        try:
            drawn = [[_moving_parts(axes, draw, frame) for frame in pages] for pages in series.values()]
            scene = _svg(fig)
        finally:
            plt.close(fig)

    known = {clip.get("id") for clip in scene.iter()}
    slots, parts = {}, {"": 0}
    for shapes, defs in (page for pages in drawn for page in pages):
        slots |= dict.fromkeys(shapes)
        for definition in defs:
            if definition.get("id") not in known:
                known.add(definition.get("id"))
                ET.SubElement(scene, f"{SVG}defs").append(definition)

    def page(shapes, text):
        pieces = [_markup(shapes[slot], salt) if slot in shapes else "" for slot in slots]
        return {"caption": text, "parts": [parts.setdefault(piece, len(parts)) for piece in pieces]}

    pages = [
        [page(shapes, text) for (shapes, _), text in zip(frames, texts, strict=True)]
        for frames, texts in zip(drawn, captions.values(), strict=True)
    ]
    length = max(map(len, pages))
    return Flipbook(
        alt=alt,
        scene=_markup([scene], salt),
        slots=[[f"{salt}-{panel}", name] for panel, name in slots],
        parts=list(parts),
        pages=[frames + frames[-1:] * (length - len(frames)) for frames in pages],
    )


def _moving_parts(axes, draw, frame):
    """Draw one frame; return the SVG of what it added to the axes, and the definitions that this uses."""
    panels = np.ravel(axes)
    before = [(artist, artist.get_visible()) for ax in panels for artist in ax.get_children()]
    stays = {artist for artist, _ in before}
    draw(axes, frame)
    added = {}
    for ax in panels:
        for artist in ax.get_children():
            if artist not in stays:
                name = artist.get_gid() or "part"
                while (ax.get_gid(), name) in added:
                    name += "'"
                artist.set_gid(f"moving-{ax.get_gid()}-{name}")
                added[ax.get_gid(), name] = artist
    for artist in stays:
        artist.set_visible(False)
    root = _svg(panels[0].figure)
    for artist, visible in before:
        artist.set_visible(visible)
    for artist in added.values():
        artist.remove()
    groups = {group.get("id"): list(group) for group in root.iter(f"{SVG}g")}
    defs = [definition for block in root.findall(f"{SVG}defs") for definition in block]
    return {key: groups.get(f"moving-{key[0]}-{key[1]}", []) for key in added}, defs


def _svg(fig):
    text = io.StringIO()
    fig.savefig(text, format="svg", transparent=True, metadata=dict.fromkeys(["Creator", "Date", "Format", "Type"]))
    root = ET.fromstring(text.getvalue())
    for block in root.findall(f"{SVG}defs"):
        for style in block.findall(f"{SVG}style"):
            block.remove(style)  # it would style the whole page
    return root


def _markup(elements, salt) -> str:
    """SVG as text: hundredths of a point, ids that no other figure has, colors that follow the theme."""
    text = "".join(ET.tostring(element, encoding="unicode") for element in elements)
    text = re.sub(r' xmlns(:xlink)?="[^"]*"', "", text)
    text = POLYLINE.sub(_relative, text)
    text = TAG.sub(lambda tag: NUMBER.sub(lambda n: f"{float(n[0]):.2f}".rstrip("0").rstrip("."), tag[0]), text)
    text = re.sub(r"font-family: [^;\"]*", "font-family: sans-serif", text)
    text = re.sub(r'(id="|href="#|url\(#)', rf"\g<1>{salt}-", text)
    for role, (light, _) in PALETTE.items():
        text = text.replace(light.lower(), f"var(--em-{role})")
    return re.sub(r"\s+", " ", text).replace("> <", "><")


def _relative(path) -> str:
    """A polyline as steps from point to point, each rounded so that errors do not add up: half the bytes."""
    points = np.round([float(n) for n in path[0].replace("M", "").replace("L", "").split()], 2).reshape(-1, 2)
    start, steps = points[0], np.diff(points, axis=0)
    return f"M {start[0]:.2f} {start[1]:.2f} l " + " ".join(f"{dx:.2f} {dy:.2f}" for dx, dy in steps)

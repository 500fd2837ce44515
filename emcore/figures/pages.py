"""From matplotlib to pages: a scene that stays, and the parts that each page moves, as SVG.

matplotlib draws the scene once, and then, frame by frame, what `draw` adds to it. A page is the scene with its parts
put where matplotlib would have drawn them. Nothing here knows a model, a widget or a browser.
"""

import io
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterable
from copy import deepcopy
from typing import Any, NamedTuple

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.backends.backend_svg import RendererSVG
from matplotlib.figure import Figure
from matplotlib.text import Text

from .look import PALETTE, style

SVG = "{http://www.w3.org/2000/svg}"
NUMBER = re.compile(r"-?\d+\.\d+(?:e-?\d+)?")
POLYLINE = re.compile(r"M \S+ \S+ (?:L \S+ \S+ ){3,}")
HEX = re.compile(r"#[0-9a-f]{6}\b")
FONT = re.compile(r"font: (?:(italic|oblique) )?(?:(\w+) )?([\d.]+px)[^;]*")  # as an older matplotlib writes it
ROLE = {light.lower(): f"var(--em-{role})" for role, (light, _) in PALETTE.items()}
ET.register_namespace("", SVG.strip("{}"))


class Pages(NamedTuple):
    """The drawings of one figure's frames: slot j of page i of start s shows parts[pages[s][i][j]]."""

    scenes: list[str]  # one SVG a panel; an empty <g data-slot="j"> stands where slot j belongs
    slots: list[str]  # for each slot, the gid that `draw` gave what fills it
    parts: list[str]  # every different drawing of a part, once; the first is empty
    pages: list[list[list[int]]]
    panels: list[list[dict]]  # a panel's axes: their box in the scene's units, their limits and scales

    def compose(self, start: int, step: int) -> list[str]:
        """The SVG of one page, panel by panel."""
        shown = self.pages[start][step]

        def fill(slot: re.Match) -> str:
            return f'<g data-slot="{slot[1]}">{self.parts[shown[int(slot[1])]]}</g>'

        return [re.sub(r'<g data-slot="(\d+)"></g>', fill, scene) for scene in self.scenes]


class Part(NamedTuple):
    """What one artist that `draw` added drew."""

    key: tuple[int, int, str]  # its panel, its axes in there, its name
    zorder: float
    svg: ET.Element


def draw_pages(axes: Any, draw: Callable, series: Iterable[Iterable], *, salt: str = "em") -> Pages:
    """Draw every frame of every series with `draw(axes, frame)`; the figures of the axes are closed at the end.

    salt: what the ids of this figure begin with. Raises ValueError where `draw` does more than add artists:
    where it changes one that was there, a title, a label, the limits.
    """
    figures = list(dict.fromkeys(ax.figure for ax in np.ravel(axes)))
    try:
        with style():
            scenes = [_scene(figure) for figure in figures]
            drawn = [[_frame(axes, figures, scenes, draw, frame) for frame in frames] for frames in series]
            panels = [[_axes(ax) for ax in figure.axes] for figure in figures]
    finally:
        for figure in figures:
            plt.close(figure)

    first = _in_order([parts for frames in drawn for parts in frames])
    slots = list(first)
    for j, key in enumerate(slots):
        _make_room(scenes[key[0]], first[key], j)
    known = {"": 0}

    def page(parts: list[Part]) -> list[int]:
        texts = {part.key: markup([part.svg], f"{salt}{part.key[0]}") for part in parts}
        return [known.setdefault(texts.get(key, ""), len(known)) for key in slots]

    pages = [[page(parts) for parts in frames] for frames in drawn]
    texts = [markup([scene], f"{salt}{p}") for p, scene in enumerate(scenes)]
    return Pages(texts, [key[2] for key in slots], list(known), pages, panels)


def _in_order(drawn: list[list[Part]]) -> dict[tuple, Part]:
    """Every part by its key, where it was first seen, in an order that holds on all pages: what is later covers."""
    order: list[tuple] = []
    first: dict[tuple, Part] = {}
    for parts in drawn:
        at = 0
        for part in parts:
            if part.key not in first:
                first[part.key] = part
                order.insert(at, part.key)
            at = order.index(part.key) + 1
    order.sort(key=lambda key: first[key].zorder)
    for parts in drawn:
        for axes in {part.key[:2] for part in parts}:
            places = [order.index(part.key) for part in parts if part.key[:2] == axes]
            if places != sorted(places):
                names = [order[place][2] for place in places]
                raise ValueError(
                    f"draw must add its parts in the same order, with the same zorder, on every page; got {names}"
                )
    return {key: first[key] for key in order}


def _scene(figure: Figure) -> ET.Element:
    """The figure as it is now; the groups of its axes and of their artists say which they are."""
    figure.set_dpi(72)
    for text in figure.findobj(Text):
        text.set_usetex(False)
    figure.draw_without_rendering()
    figure.set_layout_engine("none")
    figure.patch.set_visible(False)
    for i, ax in enumerate(figure.axes):
        ax.autoscale(False)
        ax.set_gid(f"axes:{i}")
        ax.patch.set_visible(False)  # the page is the paper, light or dark
        own = {*ax.patches, *ax.lines, *ax.collections, *ax.texts, *ax.images, *ax.artists}
        for artist in ax.get_children():  # what is added to a layer is drawn above its own, below the axes' frame
            artist.set_gid(f"layer:{artist.get_zorder()}:{int(artist not in own)}:{artist.get_gid() or ''}")
    tree = _rendered(figure, [figure])
    _settle(figure)
    return tree


def _children(figure: Figure) -> list[Artist]:
    return [artist for ax in figure.axes for artist in ax.get_children() if not isinstance(artist, Axis)]


def _settle(figure: Figure) -> None:
    for artist in _children(figure):
        artist.stale = False  # from now on a change shows


def _frame(axes, figures, scenes, draw, frame) -> list[Part]:
    """Draw one frame, take what it added, and leave the figures as they were."""
    before = [(_children(figure), _grids(figure)) for figure in figures]
    cycles = [
        (ax, deepcopy(ax._get_lines), deepcopy(ax._get_patches_for_fill)) for figure in figures for ax in figure.axes
    ]
    draw(axes, frame)
    for ax, lines, patches in cycles:  # the next frame begins with the same color of the cycle
        ax._get_lines, ax._get_patches_for_fill = lines, patches
    parts = []
    for p, (figure, (there, grids)) in enumerate(zip(figures, before, strict=True)):
        changed = [artist for artist in there if artist.stale]
        if changed or grids != _grids(figure) or not {*there} <= {*_children(figure)}:
            what = f"a {type(changed[0]).__name__}" if changed else "limits, ticks or artists"
            raise ValueError(
                f"draw must only add artists to the axes; for frame {frame!r} it changed {what} that stood there. "
                "Set it before the frames are drawn, or draw it anew in each: ax.text for words."
            )
        added = sorted((artist for artist in _children(figure) if artist not in there), key=Artist.get_zorder)
        parts += _parts(figure, p, added, scenes[p])
        for artist in added:
            artist.remove()
    return parts


def _grids(figure: Figure) -> list:
    return [(ax.get_xlim(), ax.get_ylim(), [*ax.get_xticks()], [*ax.get_yticks()]) for ax in figure.axes]


def _parts(figure, panel, added, scene) -> list[Part]:
    keys: dict[tuple, Artist] = {}
    for artist in added:
        i, name = figure.axes.index(artist.axes), artist.get_gid() or "part"
        while (panel, i, name) in keys:
            name += "'"
        keys[panel, i, name] = artist
        artist.set_gid(f"moving:{len(keys)}")
    tree = _rendered(figure, keys.values())
    known = {node.get("id") for node in scene[-1]}
    scene[-1].extend(node for node in tree[-1] if node.get("id") not in known)
    drawn = {group.get("id"): group for group in tree}  # an artist outside the axes draws nothing
    parts = []
    for key, artist in keys.items():
        if (group := drawn.get(artist.get_gid())) is not None:
            del group.attrib["id"]
            parts.append(Part(key, artist.get_zorder(), group))
    return parts


def _rendered(figure: Figure, artists: Iterable[Artist]) -> ET.Element:
    """What matplotlib's SVG renderer writes of these artists; all definitions stand in the last element."""
    text, (width, height) = io.StringIO(), figure.get_size_inches() * 72
    nothing = dict.fromkeys(["Creator", "Date", "Format", "Type"])
    renderer = RendererSVG(width, height, text, image_dpi=72, metadata=nothing)
    for artist in artists:
        artist.draw(renderer)
    renderer.finalize()
    root, definitions = ET.fromstring(text.getvalue()), ET.Element(f"{SVG}defs")
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag == f"{SVG}defs":
                definitions.extend(node for node in child if node.tag != f"{SVG}style")
            if child.tag in (f"{SVG}defs", f"{SVG}metadata"):
                parent.remove(child)
    root.append(definitions)
    return root


def _make_room(scene: ET.Element, part: Part, slot: int) -> None:
    """An empty group where matplotlib would draw the part: above its layer, and above the slots made before it."""
    _, axes, _ = part.key
    group = next(group for group in scene.iter(f"{SVG}g") if group.get("id") == f"axes:{axes}")
    layers = [_layer(child) for child in group]
    place = max((i + 1 for i, layer in enumerate(layers) if layer <= (part.zorder, 0)), default=0)
    group.insert(place, ET.Element(f"{SVG}g", {"data-slot": str(slot), "id": f"layer:{part.zorder}:0:"}))


def _layer(group: ET.Element) -> tuple[float, int]:
    """What `_scene` wrote on the group of one artist; the background of the axes, which has no layer, is lowest."""
    parts = group.get("id", "").split(":")
    return (float(parts[1]), int(parts[2])) if parts[0] == "layer" else (-np.inf, 0)


def _axes(ax: Axes) -> dict:
    """The box of the axes in the scene's units (left, top, right, bottom), and the data at its edges."""
    left, bottom, right, top = ax.bbox.extents
    height = ax.figure.bbox.height
    return {
        "box": [round(float(v), 2) for v in (left, height - top, right, height - bottom)],
        "x": [float(v) for v in ax.get_xlim()],
        "y": [float(v) for v in ax.get_ylim()],
        "log": [ax.get_xscale() == "log", ax.get_yscale() == "log"],
    }


def markup(elements: Iterable[ET.Element], salt: str) -> str:
    """SVG as text: hundredths of a point, ids that no other figure has, colors that follow the page's theme."""
    for element in elements:
        for node in element.iter():
            _tidy(node, salt)
    text = "".join(ET.tostring(element, encoding="unicode", short_empty_elements=False) for element in elements)
    return text.replace(f' xmlns="{SVG.strip("{}")}"', "")


def _tidy(node: ET.Element, salt: str) -> None:
    node.tail = None
    if not (node.text or "").strip():
        node.text = None
    given = dict(node.attrib)
    node.attrib.clear()
    for name, value in given.items():
        name = name.split("}")[-1]  # xlink:href is href today
        if name == "id":
            name, value = ("data-name", _name(value)) if node.tag == f"{SVG}g" else ("id", f"{salt}-{value}")
        elif name == "href":
            value = f"#{salt}-{value[1:]}"
        elif name == "d":
            value = POLYLINE.sub(_relative, " ".join(value.split()) + " ").strip()
        elif name == "style":
            rules = FONT.sub(r"font-style: \1; font-weight: \2; font-size: \3", value).split("; ")
            value = "; ".join(rule for rule in rules if not rule.startswith("font-family") and rule[-2:] != ": ")
        if name != "data-name":
            value = NUMBER.sub(lambda n: f"{float(n[0]):.2f}".rstrip("0").rstrip("."), value)
            value = HEX.sub(lambda color: ROLE.get(color[0], color[0]), value.replace("url(#", f"url(#{salt}-"))
        if value and not value.startswith("rotate(-0 "):
            node.set(name, value)


def _name(identity: str) -> str:
    """What a group is called in the page: the gid of its artist, "axes", or nothing."""
    kind, *rest = identity.split(":", 3)
    return "axes" if kind == "axes" else rest[-1] if kind == "layer" else ""


def _relative(path: re.Match) -> str:
    """A polyline as steps from point to point, each rounded so that errors do not add up: half the bytes."""
    points = np.round([float(n) for n in re.findall(r"[^\sML]+", path[0])], 2).reshape(-1, 2)
    steps = " ".join(f"{dx:.2f} {dy:.2f}" for dx, dy in np.diff(points, axis=0))
    return f"M {points[0, 0]:.2f} {points[0, 1]:.2f} l {steps} "

"""What a drawing shows, read back from SVG: matplotlib's own files and the pages that emcore composes alike."""

import io
import re
import xml.etree.ElementTree as ET

import numpy as np

from emcore.figures.look import PALETTE, style

SVG = "{http://www.w3.org/2000/svg}"
LIGHT = {f"var(--em-{role})": light.lower() for role, (light, _) in PALETTE.items()}


def marks(svg: str) -> list[tuple]:
    """Every path, marker and word that an SVG shows, in the order in which it is painted: kind, look, text, numbers."""
    root = ET.fromstring(re.sub(r' xmlns(:xlink)?="[^"]*"', "", svg.replace("xlink:href", "href")))
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag in ("defs", "metadata", "style"):
                parent.remove(child)
    return [_mark(node) for node in root.iter() if node.tag in ("path", "use", "text")]


def _mark(node) -> tuple:
    look = dict(rule.split(": ", 1) for rule in (node.get("style") or "").strip("; ").split("; ") if ": " in rule)
    look.pop("font-family", None)
    if "font" in look:  # an older matplotlib writes all of it in one rule
        style, weight, size = re.match(r"(?:(italic|oblique) )?(?:(\w+) )?([\d.]+px)", look.pop("font")).groups()
        given = {"font-style": style, "font-weight": weight, "font-size": size}
        look |= {rule: value for rule, value in given.items() if value}
    said = {key: LIGHT.get(value, value) for key, value in look.items() if "url(" not in value}
    said = {key: value for key, value in said.items() if re.match("#|[a-z]", value)}
    numbers = [
        float(n) for key in sorted(set(look) - set(said)) for n in re.findall(r"-?\d+\.?\d*", look[key].split("url")[0])
    ]
    place = [float(node.get(axis, 0)) for axis in "xy"]
    return (
        node.tag,
        said,
        "".join(node.itertext()).strip(),
        np.array([*place, *numbers, *path(node.get("d", "")).ravel()]),
    )


def path(d: str) -> np.ndarray:
    """The points of a path, relative steps made absolute, shape (n, 2)."""
    points, now, relative = [], np.zeros(2), False
    for command, numbers in re.findall(r"([A-Za-z])([^A-Za-z]*)", d):
        relative = command == "l"
        for step in np.reshape([float(n) for n in numbers.split()], (-1, 2)):
            now = now + step if relative else step
            points.append(now)
    return np.reshape(points, (-1, 2))


def laid_out(axes) -> list:
    """The figures of these axes, laid out once for all frames, on no paper."""
    figures = list(dict.fromkeys(ax.figure for ax in np.ravel(axes)))
    for figure in figures:
        figure.draw_without_rendering()
        figure.set_layout_engine("none")
        figure.patch.set_visible(False)
        for ax in figure.axes:
            ax.autoscale(False)
            ax.patch.set_visible(False)
    return figures


def drawn_by_matplotlib(make_axes, draw, frame) -> list[list[tuple]]:
    """The marks of one frame as matplotlib itself draws and saves them, figure by figure."""
    with style():
        axes = make_axes()
        figures = laid_out(axes)
        draw(axes, frame)
        found = []
        for figure in figures:
            text = io.StringIO()
            figure.savefig(text, format="svg")
            found.append(marks(text.getvalue()))
    return found


def difference(one: list[tuple], other: list[tuple], tolerance=0.02) -> str:
    """In words, where two drawings differ; "" where they do not."""
    if len(one) != len(other):
        return f"{len(one)} marks against {len(other)}"
    for i, (a, b) in enumerate(zip(one, other, strict=True)):
        if a[:3] != b[:3]:
            return f"mark {i}: {a[:3]} against {b[:3]}"
        if a[3].shape != b[3].shape or not np.allclose(a[3], b[3], rtol=0, atol=tolerance):
            return f"mark {i}, {a[:3]}: numbers {a[3][:8]} against {b[3][:8]}"
    return ""

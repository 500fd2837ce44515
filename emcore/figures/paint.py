"""What the figures are made of: each `draw_*` paints on the axes that it is given and returns nothing."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from matplotlib.patheffects import withStroke

from ..numerics import log_normal
from .look import COLOR, LINE, component

HEIGHTS = np.arange(147.5, 200, 2.5)  # the bars of the heights begin and end there (cm)
HALO = withStroke(linewidth=4, foreground=COLOR["paper"])  # keeps a line or a word legible on whatever lies below


def draw_curve(ax: Axes, role: str, grid: np.ndarray, function: Callable, *, gid: str = "", **look: Any) -> None:
    """function over the grid, in its role's color and stroke.

    It is cut just outside the axes and keeps its number of points, so that a page can move it to the next.
    """
    low, high = ax.get_ylim()
    margin = 0.1 * (high - low)
    values = np.clip([function(value) for value in grid], low - margin, high + margin)
    ax.plot(grid, values, gid=gid or role, **LINE[role] | look)


def draw_walk(
    ax: Axes, grid: np.ndarray, function: Callable, here: float, *, role: str = "loglik", begun: bool = True
) -> None:
    """A curve as far as the walker has come, the rest of it as a ghost once the walk has begun, and the walker.

    Before that there are only two thin lines from where the walker stands to the axes: what comes is for you to say.
    """
    height = function(here)
    if begun:
        draw_curve(ax, "ghost", grid, function)
    else:
        left, foot = ax.get_xlim()[0], ax.get_ylim()[0]
        ax.plot([left, here, here], [height, height, foot], gid="guides", **LINE["ghost"])
    draw_curve(ax, role, np.minimum(grid, here), function)
    ax.plot([here], [height], gid="theta", zorder=4, clip_on=False, **LINE["theta"])


def draw_label(
    ax: Axes,
    x: float,
    y: float,
    text: str,
    role: str = "ink",
    *,
    beside: tuple[float, float] = (6, 0),
    gid: str = "label",
    **look: Any,
) -> None:
    """Words beside a mark, so many pixels right of it and above, in its role's color, on a halo of paper."""
    ax.annotate(
        text, (x, y), beside, textcoords="offset points", color=COLOR[role], gid=gid, **look
    )  # fmt: skip


def draw_points(
    ax: Axes, points: np.ndarray, role: str, *, sides: int = 6, size: float = 2.2, gid: str = "points"
) -> None:
    """Points (N, 2) as one path of small polygons, which a page moves with ease; size: their radius in pixels."""
    width, height = ax.bbox.width, ax.bbox.height
    unit = size * np.array([np.ptp(ax.get_xlim()) / width, np.ptp(ax.get_ylim()) / height])
    polygon: Any = Path.unit_regular_polygon(sides)
    vertices = np.asarray(points)[:, None] + unit * polygon.vertices
    path = Path(vertices.reshape(-1, 2), np.tile(polygon.codes, len(points)))
    ax.add_artist(PathPatch(path, gid=gid, color=COLOR[role], alpha=0.8, linewidth=0))


def draw_gap(ax: Axes, bound: float, loglik: float) -> None:
    """A bar split in two: up to F the lower bound, from F to l the gap, KL(q || posterior)."""
    floor = ax.get_ylim()[0]
    ax.bar([0], [max(bound, floor) - floor], 0.7, floor, color=COLOR["bound"], gid="bound-bar")
    ax.bar([0], [loglik - max(bound, floor)], 0.7, max(bound, floor), gid="gap", **LINE["gap"])
    ax.plot([-0.45, 0.45], [loglik, loglik], gid="loglik-level", **LINE["loglik"])


def draw_shares(ax: Axes, x: np.ndarray, q: np.ndarray | None, edges: np.ndarray, *, density: bool = True) -> None:
    """A histogram of x (N,), each bar split by the responsibilities q (N, K); undivided if q is None."""
    scale = len(x) * np.diff(edges) if density else 1
    floor = np.zeros(len(edges) - 1)
    for k, share in enumerate(np.ones((1, len(x))) if q is None else np.transpose(q), start=1):
        top = floor + np.histogram(x, edges, weights=share)[0] / scale
        look = LINE["data"] if q is None else LINE[f"share{component(k)[-1]}"]
        ax.stairs(top, edges, baseline=floor, fill=True, gid=f"share{k}", **look)
        floor = top


def draw_split(ax: Axes, q: np.ndarray) -> None:
    """One bar an observation, of height 1, split by its responsibilities q (N, K), the first at the bottom."""
    places, floor = np.arange(1, len(q) + 1), np.zeros(len(q))
    for k, share in enumerate(np.transpose(q), start=1):
        ax.bar(places, share, 0.7, floor, gid=f"share{k}", **LINE[f"share{component(k)[-1]}"])
        floor = floor + share


def draw_components(ax: Axes, theta: Any, grid: np.ndarray) -> None:
    """The weighted Gaussians pi_k N(x; mu_k, sigma_k^2) of a mixture on the line."""
    for k, (pi, mu, sigma) in enumerate(zip(*theta, strict=True), start=1):
        ax.plot(
            grid, pi * np.exp(log_normal(grid, mu, sigma)), gid=component(k), path_effects=[HALO], **LINE[component(k)]
        )


def draw_contours(
    ax: Axes,
    function: Callable,
    first: np.ndarray,
    second: np.ndarray,
    levels: Sequence[float] | np.ndarray,
    *,
    equal: bool = True,
) -> None:
    """A map of function(first, second): five tones from low to high, thin lines between, a star on the top."""
    heights = np.array([[function(u, v) for u in first] for v in second])
    tones = np.array_split(np.arange(len(levels)), 5)
    colors = [COLOR[f"level{t + 1}"] for t, group in enumerate(tones) for _ in group]
    ax.contourf(first, second, heights, levels=[*levels, max(heights.max(), levels[-1]) + 1], colors=colors)
    ax.contour(first, second, heights, levels=levels, colors=COLOR["loglik"], linewidths=0.6, linestyles="solid")
    v, u = np.nonzero(heights >= np.nanmax(heights) - 1e-9 * np.abs(np.nanmax(heights)))  # mirror images are all marked
    ax.plot(first[u], second[v], "*", color=COLOR["paper"], markeredgecolor=COLOR["ink"], markersize=13, gid="top")
    ax.set(xlim=(first[0], first[-1]), ylim=(second[0], second[-1]), aspect="equal" if equal else "auto")


def draw_path(ax: Axes, points: np.ndarray, length: int) -> None:
    """A path so far, points (t, 2), and where it is now; padded to a fixed length so that it can be moved."""
    path = np.concatenate([points, np.repeat(points[-1:], length - len(points), axis=0)])
    ax.plot(*path.T, color=COLOR["ink"], linewidth=1.4, marker=".", markersize=6, gid="path")
    ax.plot(*points[-1:].T, gid="theta", zorder=4, **LINE["theta"])


CIRCLE = np.stack([np.cos(np.linspace(0, 2 * np.pi, 60)), np.sin(np.linspace(0, 2 * np.pi, 60))])


def draw_ellipse(ax: Axes, mu: np.ndarray, cov: np.ndarray, role: str, *, gid: str = "", **look: Any) -> None:
    """A Gaussian in the plane at two standard deviations; where mu is nan nothing is seen, and its place is kept."""
    ellipse = np.asarray(mu)[:, None] + 2 * np.linalg.cholesky(np.asarray(cov)) @ CIRCLE
    ax.plot(*ellipse, gid=gid or role, path_effects=[HALO], **LINE[role] | look)


def draw_so_far(ax: Axes, x: np.ndarray, y: np.ndarray, i: int, **look: Any) -> None:
    """The points (x, y) up to number i, in as many vertices on every page, so that the line can be moved."""
    seen = np.minimum(np.arange(len(x)), i)
    ax.plot(np.take(x, seen), np.take(y, seen), **look)

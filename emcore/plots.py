"""What the course draws, and the same in words. matplotlib only: nothing here knows a widget.

Every `draw_*` paints on the axes it is given and returns nothing; every `say_*` returns a caption.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NamedTuple

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, PathPatch
from matplotlib.path import Path

from .core import Step, checked
from .numerics import log_normal
from .theta import between, names

PALETTE = {  # role: color on a light page, color on a dark page
    "data": ("#5A5A5A", "#B8B8B8"),
    "loglik": ("#0072B2", "#56B4E9"),
    "bound": ("#D55E00", "#FF9955"),
    "component1": ("#009E73", "#3DD1A4"),
    "component2": ("#B0548C", "#E6A8CC"),
    "component3": ("#8C6D00", "#E5C558"),
    "gap": ("#E69F00", "#F0C75E"),
    "ink": ("#000000", "#FFFFFF"),
}
COLOR = {role: light for role, (light, _) in PALETTE.items()}
LINE: dict[str, dict[str, Any]] = {  # never color alone: each role has a stroke of its own
    "data": {"facecolor": COLOR["data"], "alpha": 0.45},
    "share1": {"facecolor": COLOR["component1"], "alpha": 0.6},
    "share2": {"facecolor": COLOR["component2"], "alpha": 0.6},
    "loglik": {"color": COLOR["loglik"], "linewidth": 2.2},
    "bound": {"color": COLOR["bound"], "linewidth": 2.2, "linestyle": (0, (5, 2))},
    "component1": {"color": COLOR["component1"], "linewidth": 2},
    "component2": {"color": COLOR["component2"], "linewidth": 2, "linestyle": (0, (6, 1.5, 1, 1.5))},
    "gap-line": {"color": COLOR["gap"], "linewidth": 3.5, "solid_capstyle": "butt"},
    "component3": {"color": COLOR["component3"], "linewidth": 2, "linestyle": (0, (1, 1))},
    "theta": {"color": COLOR["ink"], "marker": "o", "markersize": 7, "linestyle": "none"},
    "gap": {"facecolor": "none", "edgecolor": COLOR["gap"], "hatch": "////", "linewidth": 1.2},
}
SYMBOL = {"mu2": "μ₂", "mu": "μ", "sigma": "σ", "pi": "π"}


class Frame(NamedTuple):
    """A half-step with what surrounds it: its iteration, and the line from theta_t to theta_t+1."""

    t: int
    step: Step
    start: Any  # theta_t, where the bound touches after the E-step
    end: Any  # theta_t+1, the top of the bound


def frames(history: Sequence[Step]) -> list[Frame]:
    """A history's half-steps as frames; a last E-step without its M-step is left out."""
    thetas = [step.theta for step in history if step.kind != "E"]
    turns = [0 if step.kind == "init" else (i + 1) // 2 for i, step in enumerate(history)]
    return [
        Frame(t, step, thetas[max(t - 1, 0)], thetas[min(max(t, 1), len(thetas) - 1)])
        for t, step in zip(turns, history, strict=True)
        if t < len(thetas)
    ]


def panels(rows: int = 1, cols: int = 1, *, height: float = 3.2, **options: Any) -> Any:
    """Axes in the course's size (4.6 inches wide: legible on a phone) and look; options of `plt.subplots`."""
    _, axes = plt.subplots(rows, cols, figsize=(4.6, height), layout="constrained", **options)
    for ax in np.ravel(axes):
        ax.spines[["top", "right"]].set_visible(False)
    return axes


def draw_key(under: Any, **labels: str) -> None:
    """A key above the axes or the figure `under` it, one entry a role: draw_key(ax, loglik="log-likelihood").

    Without roles, one entry for each artist of the axes that has a label.
    """
    handles = [
        Patch(label=text, **LINE[role]) if "facecolor" in LINE[role] else Line2D([], [], label=text, **LINE[role])
        for role, text in labels.items()
    ] or under.get_legend_handles_labels()[0]
    whole = isinstance(under, Figure)
    place = {"loc": "outside upper left"} if whole else {"loc": "lower left", "bbox_to_anchor": (0, 1)}
    under.legend(
        handles=handles, ncols=len(handles), frameon=False,
        borderaxespad=0.2, columnspacing=1.2, handlelength=2.2, fontsize=9, **place,
    )  # fmt: skip


def draw_curve(ax: Axes, role: str, grid: Any, function: Callable[[float], float], until: float = np.inf) -> None:
    """function over the grid, in its role's color; up to `until`, for a figure that reveals it step by step.

    It is cut just outside the axes and keeps its number of points, so that the browser can morph it.
    """
    grid = np.minimum(grid, until)
    values = [function(value) for value in grid]
    low, high = ax.get_ylim()
    margin = 0.1 * (high - low)  # still inside the figure: what is outside is cut away, points and all
    ax.plot(grid, np.clip(values, low - margin, high + margin), gid=role, **LINE[role])


def draw_loglik_axes(axes: Any, *, model: Any, x: Any, grid: Any, low: float, high: float, label: str) -> None:
    """The scene of `draw_bound`: l over the model's one parameter, and an empty bar beside it."""
    ax, bar = axes
    ax.set(xlim=(grid[0], grid[-1]), ylim=(low, high), xlabel=label)
    draw_curve(ax, "loglik", grid, lambda value: model.loglik(x, model.Theta(value)))
    draw_key(ax.figure, loglik="log-likelihood ℓ", bound="lower bound F", gap="gap")
    bar.set(xlim=(-0.6, 0.6), xticks=[0], xticklabels=["F + gap = ℓ"])


def draw_bound(axes: Any, frame: Frame, *, model: Any, x: Any, grid: Any) -> None:
    """theta on l and F(q, .) over the model's one parameter; beside it, l split into F and the gap."""
    ax, bar = axes
    step = frame.step
    if step.bound is not None:
        draw_curve(ax, "bound", grid, lambda value: model.lower_bound(x, step.q, model.Theta(value)))
        ax.plot([step.theta[0]] * 2, [step.bound, step.loglik], gid="gap-line", **LINE["gap-line"])
        draw_gap(bar, step.bound, step.loglik)
    ax.plot([step.theta[0]], [step.loglik], gid="theta", zorder=4, **LINE["theta"])


def draw_points(ax: Any, points: Any, role: str, *, sides: int = 6, size: float = 1.5, gid: str = "points") -> None:
    """Points (N, 2), each a small polygon with that many sides; one path in all, which a browser moves with ease.

    size: the polygon's radius in points, whatever the axes' scales.
    """
    width, height = ax.get_position().size * ax.figure.get_size_inches() * 72
    unit = size * np.array([np.diff(ax.get_xlim())[0] / width, np.diff(ax.get_ylim())[0] / height])
    polygon: Any = Path.unit_regular_polygon(sides)
    vertices = np.asarray(points)[:, None] + unit * polygon.vertices
    path = Path(vertices.reshape(-1, 2), np.tile(polygon.codes, len(points)))
    ax.add_artist(PathPatch(path, gid=gid, color=COLOR[role], alpha=0.7, linewidth=0))


def draw_gap(ax: Axes, bound: float, loglik: float) -> None:
    """A bar split in two: up to F the lower bound, from F to l the gap, KL(q || posterior)."""
    floor = ax.get_ylim()[0]
    ax.bar([0], [max(bound, floor) - floor], 0.7, floor, color=COLOR["bound"], gid="bound-bar")
    ax.bar([0], [loglik - max(bound, floor)], 0.7, max(bound, floor), gid="gap", **LINE["gap"])
    ax.plot([-0.45, 0.45], [loglik, loglik], gid="loglik-level", **LINE["loglik"])


def component(k: int) -> str:
    """The role of component k, counted from 1; raises ValueError beyond those that the palette tells apart."""
    if f"component{k}" not in PALETTE:
        raise ValueError(f"there must be at most three components to draw; got component {k}: bring colors of your own")
    return f"component{k}"


def draw_shares(ax: Axes, x: Any, q: Any, edges: Any) -> None:
    """A histogram as a density, each bar split by the responsibilities q (N, K); undivided if q is None."""
    scale = len(x) * np.diff(edges)
    shares = np.ones((len(x), 1)) if q is None else q
    floor = np.zeros(len(edges) - 1)
    for k in range(shares.shape[1]):
        top = floor + np.histogram(x, edges, weights=shares[:, k])[0] / scale
        role = "data" if q is None else component(k + 1)
        ax.stairs(top, edges, baseline=floor, fill=True, color=COLOR[role], alpha=0.45, gid=f"shares{k + 1}")
        floor = top


def draw_split(ax: Axes, q: Any) -> None:
    """One bar an observation, of height 1, split by its responsibilities q (N, K), the first at the bottom."""
    places, floor = np.arange(1, len(q) + 1), np.zeros(len(q))
    for k, share in enumerate(np.transpose(q), start=1):
        ax.bar(places, share, 0.6, floor, color=COLOR[component(k)], alpha=0.6, gid=f"share{k}")
        floor = floor + share


def draw_components(ax: Axes, theta: Any, grid: Any) -> None:
    """The weighted Gaussians pi_k N(x; mu_k, sigma_k^2) of a mixture."""
    for k, (pi, mu, sigma) in enumerate(zip(*theta, strict=True), start=1):
        ax.plot(grid, pi * np.exp(log_normal(grid, mu, sigma)), gid=component(k), **LINE[component(k)])


def draw_contours(
    ax: Axes, function: Callable[[float, float], float], first: Any, second: Any, levels: Any, *, equal: bool = True
) -> None:
    """Contours of function(first, second) over a grid; equal=True gives both axes one scale."""
    heights = [[function(u, v) for u in first] for v in second]
    ax.contour(first, second, heights, levels=levels, colors=COLOR["loglik"], linewidths=0.8, linestyles="solid")
    ax.set(xlim=(first[0], first[-1]), ylim=(second[0], second[-1]), aspect="equal" if equal else "auto")


def draw_path(ax: Axes, points: Any, length: int) -> None:
    """A path so far, points (t, 2), and where it is now; padded to a fixed length so that it can be morphed."""
    path = np.concatenate([points, np.repeat(points[-1:], length - len(points), axis=0)])
    ax.plot(*path.T, color=COLOR["ink"], linewidth=1.2, marker=".", markersize=5, gid="path")
    ax.plot(*points[-1:].T, gid="theta", zorder=4, **LINE["theta"])


def draw_line_axes(ax: Axes) -> None:
    """The scene of `draw_line`: how far along the line, and heights in units of the sure gain."""
    ax.set(xlim=(-0.5, 1.9), ylim=(-1, 3), xticks=[0, 1], yticks=[0, 1])
    ax.set_xticklabels([r"$\theta_t$", r"$\theta_{t+1}$"])
    ax.set_yticklabels([r"$\ell(\theta_t)$", "top of $F$"])
    ax.set_xlabel("along the line")
    draw_key(ax, loglik="log-likelihood", bound="lower bound", theta="θ now")


def draw_line(ax: Axes, frame: Frame, *, model: Any, x: Any, points: int = 81) -> None:
    """l and F(q_t, .) along the line through theta_t and theta_t+1, for any model, in units of the sure gain.

    The sure gain is F(q_t, theta_t+1) - F(q_t, theta_t); 0 is l(theta_t), and 1 is the top of F.
    """
    q = frame.step.q if frame.step.q is not None else model.e_step(x, frame.start)
    zero = model.loglik(x, frame.start)
    gain = model.lower_bound(x, q, frame.end) - model.lower_bound(x, q, frame.start)
    unit = max(gain, 1e-14 * (1 + abs(zero)))  # where EM stands still there is none
    inside = [s for s in np.linspace(*ax.get_xlim(), points) if allowed(model, x, between(frame.start, frame.end, s))]
    shares = np.linspace(inside[0], inside[-1], points)  # as many in every frame, so that the curves can move

    def height(value: Callable[[Any], float], share: float) -> float:
        return (value(between(frame.start, frame.end, share)) - zero) / unit

    with np.errstate(all="ignore"):  # a model without a check may be drawn beyond the range of theta
        draw_curve(ax, "loglik", shares, partial(height, lambda theta: model.loglik(x, theta)))
        if frame.step.q is not None:
            draw_curve(ax, "bound", shares, partial(height, lambda theta: model.lower_bound(x, q, theta)))
    here = 1 if frame.step.kind == "M" else 0
    ax.plot([here], [(frame.step.loglik - zero) / unit], gid="theta", zorder=4, **LINE["theta"])


def draw_fit_axes(axes: Any, *, grid: Any, top: float, label: str) -> None:
    """The scene of `draw_fit`: densities up to `top` over the data's grid, and the line below them."""
    axes[0].set(xlim=(grid[0], grid[-1]), ylim=(0, top), xlabel=label, yticks=[])
    draw_key(axes[0], data="data", component1="component 1", component2="component 2")
    draw_line_axes(axes[1])


def draw_fit(axes: Any, frame: Frame, *, model: Any, x: Any, edges: Any, grid: Any) -> None:
    """A Gaussian mixture at a half-step: the data shared out, the components, and the line below them."""
    draw_shares(axes[0], x, frame.step.q, edges)
    draw_components(axes[0], frame.step.theta, grid)
    draw_line(axes[1], frame, model=model, x=x)


def allowed(model: Any, x: Any, theta: Any) -> bool:
    """Whether the model's own check, where it has one, accepts theta."""
    try:
        checked(model, x, theta)
    except ValueError:
        return False
    return True


def say_theta(theta: Any, digits: int = 4) -> str:
    """theta in words: "π = (0.500, 0.500), μ = (160.00, 180.00)"."""

    def numbers(value: Any) -> str:
        return f"({', '.join(map(numbers, value))})" if np.ndim(value) else f"{value:.{digits}f}"

    symbols = [SYMBOL.get(name, name.replace("theta", "θ")) for name in names(theta)]
    return ", ".join(f"{symbol} = {numbers(value)}" for symbol, value in zip(symbols, theta, strict=True))


def say_step(frame: Frame, digits: int = 4) -> str:
    """A half-step in words, with its numbers."""
    kind, theta, _, bound, loglik = frame.step
    at = say_theta(theta, digits)
    if bound is None:
        return f"Start: {at}. Log-likelihood {loglik:.{digits}f}."
    gap = loglik - bound
    if kind == "E":
        closed = gap <= 1e-9 * (1 + abs(loglik))
        did = "the bound touches the log-likelihood" if closed else "the bound stays below the log-likelihood"
    else:
        did = "θ moves to the top of the bound"
    return (
        f"{kind}-step {frame.t}: {did} at {at}. "
        f"Bound {bound:.{digits}f}, gap {abs(gap):.{digits}f}, log-likelihood {loglik:.{digits}f}."
    )

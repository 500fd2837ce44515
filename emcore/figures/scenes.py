"""Whole figures that every model gets: one line each, and the model may be the reader's own."""

from collections.abc import Callable, Mapping
from functools import partial
from itertools import islice
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes

from ..core import Model, Step, checked, em, fit
from ..theta import between
from .look import COLOR, LINE, panels, style
from .paint import (
    draw_components,
    draw_contours,
    draw_curve,
    draw_gap,
    draw_label,
    draw_points,
    draw_shares,
    draw_split,
)
from .stepper import Predict, Stepper, Words, number, stepper

SYMBOL = {"mu2": "μ₂", "mu": "μ", "sigma": "σ", "pi": "π", "rate": "λ"}
SUBSCRIPT = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


class Frame(NamedTuple):
    """A half-step with what surrounds it: its iteration, the line from theta_t to theta_t+1, and the run so far."""

    t: int
    step: Step
    start: Any  # theta_t, where the bound touches after the E-step
    end: Any  # theta_t+1, the top of the bound
    so_far: list[Step]


def frames(history: list[Step]) -> list[Frame]:
    """A history's half-steps as frames; a last E-step without its M-step is left out."""
    thetas = [step.theta for step in history if step.kind != "E"]
    turns = [0 if step.kind == "init" else (i + 1) // 2 for i, step in enumerate(history)]
    return [
        Frame(t, step, thetas[max(t - 1, 0)], thetas[min(max(t, 1), len(thetas) - 1)], history[: i + 1])
        for i, (t, step) in enumerate(zip(turns, history, strict=True))
        if t < len(thetas)
    ]


@style()
def step(
    model: Model, x: Any, starts: Any, *, iterations: int = 8, title: str = "E closes the gap, M climbs", alt: str = "",
    edges: np.ndarray | None = None, label: str = "x", digits: int = 3, at: int = 0,
) -> Stepper:  # fmt: skip
    """EM on these data, half-step by half-step, for any model: what it shares out, and l and F so far.

    starts: a theta, or a dict of name -> theta, which adds a choice. Folded below: l and F along the line from one
    theta to the next.
    """
    runs = starts if isinstance(starts, Mapping) else {"": starts}
    series = {name: frames(list(islice(em(model, x, theta), 2 * iterations + 1))) for name, theta in runs.items()}
    x = checked(model, x, next(iter(runs.values())))[0]
    every = [frame.step for run in series.values() for frame in run]
    pictures = []
    if np.ndim(x) == 1 and hasattr(model, "log_joint"):
        edges = np.histogram_bin_edges(x, 24) if edges is None else edges
        pictures = [partial(_draw_few, x=x) if len(x) <= 12 else partial(_draw_many, x=x, edges=edges)]
    axes = np.ravel(panels(*[360] * (len(pictures) + 2), height=250))
    if pictures:
        _data_axes(axes[0], x, edges, label)
    strip, line = axes[len(pictures) :]
    history_axes(strip, every, 2 * iterations)
    line_axes(line)

    def draw(axes: np.ndarray, frame: Frame) -> None:
        for picture, ax in zip(pictures, axes, strict=False):
            picture(ax, frame)
        draw_history(axes[-2], frame.so_far)
        draw_line(axes[-1], frame, model=model, x=x)

    return stepper(
        series if isinstance(starts, Mapping) else series[""], draw, partial(say_step, digits=digits), axes=axes,
        title=title, at=at, alt=alt or "The data, shared out between the components; log-likelihood and bound so far.",
        details={len(axes) - 1: "For experts: ℓ and F along the line from this θ to the next"},
    )  # fmt: skip


@style()
def bound(
    model: Model, x: Any, starts: Any, *, grid: np.ndarray, low: float, high: float, label: str, iterations: int = 8,
    title: str = "The bound touches ℓ at θ, and its top is the next θ", alt: str = "", digits: int = 3,
) -> Stepper:  # fmt: skip
    """EM for a model with one unknown: l and F(q, .) over it, their gap, and l and F so far.

    starts: a value, or several, which adds a choice. The curves are drawn over the grid, from height low to high.
    """
    series = {
        str(s): frames(list(islice(em(model, x, (s,)), 2 * iterations + 1))) for s in np.atleast_1d(starts).tolist()
    }
    every = [frame.step for run in series.values() for frame in run]
    axes = panels(360, 90, 240, height=260)
    bound_axes(axes[:2], model=model, x=x, grid=grid, low=low, high=high, label=label)
    history_axes(axes[2], every, 2 * iterations)

    def draw(axes: np.ndarray, frame: Frame) -> None:
        draw_bound(axes[:2], frame.step, model=model, x=x, grid=grid)
        draw_history(axes[2], frame.so_far)

    return stepper(
        series, draw, partial(say_step, digits=digits), axes=axes, title=title,
        predict=Predict(
            f"From {next(iter(series))}, where does the first M-step put θ, at the top of the first bound?", "across",
            [(float(every[2].theta[0]), every[2].loglik)], (0, 2), "theta", digits=1,
        ),
        alt=alt or "The log-likelihood of one unknown, a bound that touches it at the current estimate, and their gap.",
    )  # fmt: skip


def bound_axes(axes: np.ndarray, *, model: Any, x: Any, grid: np.ndarray, low: float, high: float, label: str) -> None:
    """The scene of `draw_bound`: l over the model's one parameter, and an empty bar beside it."""
    ax, bar = axes
    ax.set(xlim=(grid[0], grid[-1]), ylim=(low, high), xlabel=label)
    draw_curve(ax, "loglik", grid, lambda value: model.loglik(x, model.Theta(value)))
    end = model.loglik(x, model.Theta(grid[-1]))
    draw_label(ax, grid[-1], max(end, low), "ℓ", "loglik", beside=(-4, 3), ha="right", va="bottom", gid="name-loglik")
    bar.set(xlim=(-0.6, 0.6), ylim=(low, high), xticks=[0], xticklabels=["F + gap"], yticks=[], xlabel="= ℓ")


def draw_bound(axes: np.ndarray, step: Step, *, model: Any, x: Any, grid: np.ndarray) -> None:
    """theta on l and F(q, .) over the model's one parameter; beside it, l split into F and the gap."""
    ax, bar = axes
    here = step.theta[0]
    if step.q is not None:
        heights = [model.lower_bound(x, step.q, model.Theta(value)) for value in grid]
        draw_curve(ax, "bound", grid, lambda value: model.lower_bound(x, step.q, model.Theta(value)))
        top = int(np.argmax(heights))
        draw_label(ax, grid[top], heights[top], "F", "bound", beside=(14, -4), gid="name-bound", va="top")
        ax.plot([here] * 2, [step.loglik, step.bound], gid="gap-line", **LINE["gap-line"])
        draw_gap(bar, step.bound, step.loglik)
    else:
        floor = bar.get_ylim()[0]  # what is to be split, before it is
        bar.bar([0], [step.loglik - floor], 0.7, floor, fill=False, edgecolor=COLOR["data"], linestyle=":", gid="whole")
        bar.plot([-0.45, 0.45], [step.loglik] * 2, gid="loglik-level", **LINE["loglik"])
    ax.plot([here], [step.loglik], gid="theta", zorder=4, **LINE["theta"])
    draw_label(ax, here, step.loglik, "θ", beside=(0, 8), gid="name-theta", ha="center", va="bottom")


def _data_axes(ax: Axes, x: np.ndarray, edges: np.ndarray, label: str) -> None:
    if len(x) <= 12:
        ax.set(xlim=(0.4, len(x) + 0.6), ylim=(0, 1), xticks=range(1, len(x) + 1), xlabel="observation", ylabel="share")
        return
    top = np.histogram(x, edges, density=True)[0].max()
    ax.set(xlim=(edges[0], edges[-1]), ylim=(0, 1.25 * top), yticks=[], xlabel=label)


def _draw_few(ax: Axes, frame: Frame, *, x: np.ndarray) -> None:
    if frame.step.q is None:
        ax.bar(range(1, len(x) + 1), np.ones(len(x)), 0.7, gid="whole", **LINE["data"])
    else:
        draw_split(ax, frame.step.q)


def _draw_many(ax: Axes, frame: Frame, *, x: np.ndarray, edges: np.ndarray) -> None:
    draw_shares(ax, x, frame.step.q, edges)
    if getattr(frame.step.theta, "_fields", ()) == ("pi", "mu", "sigma"):
        draw_components(ax, frame.step.theta, np.linspace(edges[0], edges[-1], 121))


def history_axes(ax: Axes, every: list[Step], last: int) -> None:
    """The scene of `draw_history`: axes fixed for all runs, so that what flattens is seen to flatten.

    They hold what EM climbs after its first iteration, twice over; of several runs, what the middle one climbs: a
    start far below would make all else flat, and its line comes up from below.
    """
    high, starts = max(step.loglik for step in every), [step.loglik for step in every if step.kind == "init"]
    after = [step.loglik for before, step in zip(every, every[2:], strict=False) if before.kind == "init"]
    low = max(min(starts), high - 2 * (high - np.median(after or [high])) - 1e-9 * (1 + abs(high)))
    room = 0.15 * (high - low) or 1.0
    ax.set(
        xlim=(-0.03 * last, 1.03 * last), ylim=(low - room, high + room), xlabel="half-step", ylabel="ℓ and F so far"
    )
    ax.locator_params(nbins=5)


def draw_history(ax: Axes, so_far: list[Step]) -> None:
    """l and F up to now: F touches l at every E-step, and falls behind at every M-step, while l climbs."""
    length = round(ax.get_xlim()[1] / 1.03) + 1
    now, places = len(so_far) - 1, np.minimum(np.arange(length), len(so_far) - 1)
    low, high = ax.get_ylim()
    foot = low + 0.03 * (high - low)  # a dot that lies below the axes is an arrow at their foot
    heights = np.maximum([step.loglik for step in so_far], low - 9 * (high - low))
    bounds = np.maximum([np.nan if step.bound is None else step.bound for step in so_far], low - 9 * (high - low))
    ax.plot(places, heights[places], gid="loglik", **LINE["loglik"])
    side = {"beside": (-8, 0), "ha": "right"} if now > 0.9 * length else {"beside": (7, 0)}
    if now > 0:
        ax.plot(np.maximum(places, 1), bounds[np.maximum(places, 1)], gid="bound", **LINE["bound"])
        draw_label(ax, now, max(bounds[-1], foot), "F", "bound", gid="name-bound", va="top", **side)
    draw_label(ax, now, max(heights[-1], foot), "ℓ", "loglik", gid="name-loglik", va="bottom", **side)
    below = {"marker": "v"} if heights[-1] < foot else {}
    ax.plot([now], [max(heights[-1], foot)], gid="theta", zorder=4, **LINE["theta"] | below)


def line_axes(ax: Axes) -> None:
    """The scene of `draw_line`: how far along the line, and heights in units of the sure gain."""
    ax.set(xlim=(-0.5, 1.9), ylim=(-1, 3), xticks=[0, 1], yticks=[0, 1], xlabel="along the line: ℓ solid, F dashed")
    ax.set_xticklabels(["this θ", "the next θ"])
    ax.set_yticklabels(["ℓ here", "top of F"])


def draw_line(ax: Axes, frame: Frame, *, model: Model, x: Any, points: int = 81) -> None:
    """l and F(q_t, .) along the line through theta_t and theta_t+1, for any model, in units of the sure gain.

    The sure gain is F(q_t, theta_t+1) - F(q_t, theta_t); 0 is l(theta_t), and 1 is the top of F.
    """
    q = frame.step.q if frame.step.q is not None else model.e_step(x, frame.start)
    zero = model.loglik(x, frame.start)
    gain = model.lower_bound(x, q, frame.end) - model.lower_bound(x, q, frame.start)
    unit = max(gain, 1e-14 * (1 + abs(zero)))  # where EM stands still there is none
    inside = [s for s in np.linspace(*ax.get_xlim(), points) if allowed(model, x, between(frame.start, frame.end, s))]
    shares = np.sort([0, 1, *np.linspace(inside[0], inside[-1], points)])  # as many in every frame: curves can move

    def height(value: Any, share: float) -> float:
        return (value(between(frame.start, frame.end, share)) - zero) / unit

    with np.errstate(all="ignore"):  # a model without a check may be drawn beyond the range of theta
        draw_curve(ax, "loglik", shares, partial(height, lambda theta: model.loglik(x, theta)))
        if frame.step.q is not None:
            draw_curve(ax, "bound", shares, partial(height, lambda theta: model.lower_bound(x, q, theta)))
    here = 1 if frame.step.kind == "M" else 0
    ax.plot([here], [(frame.step.loglik - zero) / unit], gid="theta", zorder=4, **LINE["theta"])


@style()
def sweep(
    model: Model, x: Any, theta: Callable, starts: tuple[np.ndarray, np.ndarray], levels: Any, *,
    labels: tuple[str, str], title: str, alt: str, digits: int = 3,
) -> Stepper:  # fmt: skip
    """EM from every start of a grid over two unknowns: its path over the map of l, and where it ends.

    theta(u, v) makes a start. Ends within a fiftieth of the map are one end; what is no top is a saddle.
    """
    size = np.ptp(starts, axis=1)
    places = [(float(u), float(v)) for v in starts[1] for u in starts[0]]
    runs = [fit(model, x, theta(*place), tol=1e-9, max_iter=300, keep_q=False)[::2] for place in places]
    paths = [np.array([np.ravel(step.theta) for step in run]) for run in runs]

    def is_top(end: np.ndarray) -> bool:
        around = [np.array([np.cos(a), np.sin(a)]) for a in np.linspace(0, 2 * np.pi, 16, endpoint=False)]
        return all(model.loglik(x, theta(*(end + size / 100 * way))) < model.loglik(x, theta(*end)) for way in around)

    def near(end: np.ndarray, other: np.ndarray) -> bool:
        return bool((np.abs(end - other) < size / 50).all())

    ends: list[np.ndarray] = []
    for path in paths:
        if not any(near(path[-1], end) for end in ends):
            ends.append(path[-1])
    tops = [end for end in ends if is_top(end)]
    which = [next((k for k, top in enumerate(tops, start=1) if near(path[-1], top)), 0) for path in paths]
    looks: list[dict] = [{"color": COLOR["ink"]}, LINE["component1"], LINE["component2"]]

    def draw(ax: Axes, i: int) -> None:
        seen, look = paths[i][np.minimum(np.arange(8), len(paths[i]) - 1)], looks[which[i]]
        seen[-1] = paths[i][-1]
        ax.plot(*seen.T, gid="path", **look)
        end = {"color": look["color"], "markeredgecolor": COLOR["paper"], "markersize": 12}
        ax.plot(*seen[-1:].T, "so^"[which[i]], gid="end", **end)
        ax.plot(*seen[:1].T, gid="theta", zorder=4, **LINE["theta"])

    def say(i: int) -> Words:
        start, end = (f"({number(u, d)}, {number(v, d)})" for (u, v), d in ((places[i], 2), (paths[i][-1], digits)))
        does = "climbs to the top" if which[i] else "stands still on the saddle"
        heights = {f"{name} ℓ": number(step.loglik) for name, step in (("start", runs[i][0]), ("end", runs[i][-1]))}
        return Words(f"From {start} EM {does} at {end}.", {"iterations": str(len(runs[i]) - 1), **heights})

    ax = panels(370, height=340)
    wider = [np.linspace(s[0] - r / 28, s[-1] + r / 28, 57) for s, r in zip(starts, size, strict=True)]
    draw_contours(ax, lambda u, v: model.loglik(x, theta(u, v)), *wider, levels)
    draw_points(ax, np.array(places), "data", sides=4, size=1)
    ax.set(xlabel=labels[0], ylabel=labels[1])
    return stepper(
        range(len(places)), draw, say, axes=ax, title=title, alt=alt, label="start", places=(0, places),
        stops=[f"{u:g}, {v:g}" for u, v in places], at=2 * len(starts[0]) + 5,
    )  # fmt: skip


def allowed(model: Model, x: Any, theta: Any) -> bool:
    """Whether the model's own check, where it has one, accepts theta."""
    try:
        checked(model, x, theta)
    except ValueError:
        return False
    return True


def say_theta(theta: Any, digits: int = 4) -> str:
    """theta in words: "π = (0.500, 0.500), μ = (160.00, 180.00)"."""

    def numbers(value: Any) -> str:
        return f"({', '.join(map(numbers, value))})" if np.ndim(value) else number(float(value), digits)

    return ", ".join(f"{name} = {numbers(value)}" for name, value in _symbols(theta))


def theta_numbers(theta: Any, digits: int = 3) -> dict[str, str]:
    """theta as numbers by name: {"μ₁": "160.000", "μ₂": "180.000"}."""
    return {
        name + (str(i).translate(SUBSCRIPT) if np.ndim(value) else ""): number(float(entry), digits)
        for name, value in _symbols(theta)
        for i, entry in enumerate(np.ravel(value), start=1)
    }


def _symbols(theta: Any) -> list[tuple[str, Any]]:
    names = getattr(theta, "_fields", [f"θ[{i}]" for i in range(len(theta))])
    return [(SYMBOL.get(name, name), value) for name, value in zip(names, theta, strict=True)]


def say_step(frame: Frame, digits: int = 3) -> Words:
    """A half-step in words: one sentence, then theta, F, the gap and l."""
    kind, theta, _, bound, loglik = frame.step
    gap = None if bound is None else loglik - bound
    if kind == "init":
        says = "Start: θ is given, nothing is shared out yet."
    elif kind == "E" and gap <= 1e-9 * (1 + abs(loglik)):
        says = f"E-step {frame.t}: q becomes the posterior, and the bound touches ℓ at θ."
    elif kind == "E":
        says = f"E-step {frame.t}: q is the best of its kind, and the bound stays below ℓ."
    else:
        says = f"M-step {frame.t}: θ moves to the top of the bound, and ℓ climbs at least as much."
    numbers = {"F": number(bound, digits), "gap": number(gap and abs(gap), digits), "ℓ": number(loglik, digits)}
    return Words(says, {**theta_numbers(theta, digits), **numbers})

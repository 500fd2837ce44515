"""The other parts of the figures, read from the drawing: bars, densities, the path, the contours."""

import re
from itertools import islice, pairwise

import numpy as np
import pytest
from book_moments import CHAPTER4, CHAPTER5, CHAPTER6, CHAPTER7, HEADS, HOME
from drawing import Panel, points
from formulas import TwoCoins, bound, loglik, normal, posterior, turns

pytest_plugins = ["book_fixtures"]

COINS = TwoCoins(HEADS)


def close(seen, expected, what, tolerance=0.025):
    """Places in points: each drawn to a hundredth, measured by tick marks that are too."""
    seen, expected = np.broadcast_arrays(np.asarray(seen, float), expected)
    worst = np.unravel_index(np.argmax(abs(seen - expected)), seen.shape)
    off = abs(seen[worst] - expected[worst])
    assert off <= tolerance, (
        f"{what}, number {tuple(map(int, worst))}: drawn at {seen[worst]:.3f}, expected {expected[worst]:.3f}"
    )


@pytest.mark.parametrize("figure", [(CHAPTER5, 0), (CHAPTER5, 1)], ids=str)
def test_the_bar_splits_loglik_into_bound_and_gap(moments, figure):
    for moment in moments[figure]:
        if moment.kind == "init":
            continue
        panel, bar = moment.drawn(), Panel(moment.frame.state.picture, 1)
        x, y = moment.axes(panel)
        floor = panel.box[:, 1].max()
        low, high = y.place([bound(moment.model, moment.q, moment.here), loglik(moment.model, moment.here)])
        split, at = min(low, floor), x.place(moment.here[0])
        close(np.unique(bar.curve("bound-bar")[:, 1]), np.unique([split, floor]), f"{moment.frame}, bar of F")
        close(sorted(bar.curve("gap")[:, 1]), [high, high, split, split], f"{moment.frame}, bar of the gap")
        close(bar.curve("loglik-level")[:, 1], high, f"{moment.frame}, level of l")
        close(panel.curve("gap-line"), [[at, low], [at, high]], f"{moment.frame}, dotted gap")


@pytest.mark.parametrize("figure", [(CHAPTER5, 2), (HOME, 0)], ids=str)
def test_densities_and_shares_of_the_bars_are_those_of_the_formulas(moments, figure):
    panel = Panel(moments[figure][0].frame.state.picture, 0)
    axis, floor, scale = panel.axis("x"), panel.box[:, 1].max(), None
    for moment in moments[figure]:
        panel, x = Panel(moment.frame.state.picture, 0), moment.model.x
        for k, (pi, mu, sigma) in enumerate(zip(*moment.here, strict=True), start=1):
            curve = panel.curve(f"component{k}")
            density = pi * normal(axis.read(curve[:, 0]), mu, sigma)
            scale = scale or (floor - curve[:, 1]) @ density / (density @ density)  # one for the whole figure
            close(floor - curve[:, 1], scale * density, f"{moment.frame}, component {k}", 0.04)
        total = 0
        for k, share in enumerate([np.ones(len(x))] if moment.kind == "init" else moment.q.T, start=1):
            outline = panel.curve(f"shares{k}")
            rising = outline[1 : np.argmax(outline[:, 0]) + 1]
            edges, tops = np.append(rising[::2, 0], rising[-1, 0]), rising[::2, 1]
            edges = axis.read(edges).round(1)
            total = total + np.array([share[(x >= a) & (x < b)].sum() for a, b in pairwise(edges)])
            close(
                floor - tops, scale * total / (len(x) * np.diff(edges)), f"{moment.frame}, bars of component {k}", 0.04
            )
        assert abs(total.sum() - len(x)) < 1e-9, f"{moment.frame}: the bars hold {total.sum()} of {len(x)} observations"


def test_the_coins_bars_are_their_responsibilities(frames):
    for frame in frames[CHAPTER6][0][0]:
        p = float(re.search(r"p = \((0\.\d\d), 0\.50\)", frame.state.caption)[1])
        panel, q = Panel(frame.state.picture, 0), posterior(COINS, ([p, 0.5],))
        y, shares = panel.axis("y"), re.findall(r"\d\.\d{3}", frame.state.caption)
        assert np.allclose([float(share) for share in shares], q[:, 0], atol=5.01e-4), f"{frame}: {shares}"
        for bars, low, high in ("share1", 0 * q[:, 0], q[:, 0]), ("share2", q[:, 0], 1 + 0 * q[:, 0]):
            corners = panel.bars(bars)[:, :, 1]
            close(corners.max(axis=1), y.place(low), f"{frame}, {bars}, lower ends")
            close(corners.min(axis=1), y.place(high), f"{frame}, {bars}, upper ends")


def test_the_bound_over_q_is_a_dome_under_the_level_of_loglik(frames):
    for frame in (frame for start in frames[CHAPTER4][1] for frame in start):
        heads, a = map(float, re.match(r"(\d) heads of ten, q\(A\) = (\d\.\d\d)", frame.state.caption).groups())
        model, theta, panel = TwoCoins(np.array([heads])), ([0.6, 0.5],), Panel(frame.state.picture, 0)
        x, y = panel.axis("x"), panel.axis("y")

        def height(share, model=model, theta=theta, y=y):
            return y.place(bound(model, np.array([[share, 1 - share]]), theta))

        dome, level = panel.curve("bound"), y.place(loglik(model, theta))
        close(dome[:, 1], [height(x.read(at)) for at in dome[:, 0]], f"{frame}, F over q", 0.04)
        close(panel.curve("loglik")[:, 1], level, f"{frame}, log p(x)")
        assert dome[:, 1].min() >= level - 0.015, f"{frame}: F is above log p(x)"
        best = x.place(posterior(model, theta)[0, 0])
        if x.place(a) >= best:  # the dome appears as q(A) moves: its top is drawn once it is reached
            close(np.interp(best, *dome.T), level, f"{frame}, the top of F", 0.05)
        close(panel.dots("theta"), [[x.place(a), height(a)]], f"{frame}, the dot")
        close(panel.curve("gap-line"), [[x.place(a), height(a)], [x.place(a), level]], f"{frame}, the gap")


def test_the_staircase_climbs_as_em_does(frames):
    heights = {"loglik": [], "bound": []}
    for theta, q, after in islice(turns(COINS, ([0.67, 0.65],)), len(frames[CHAPTER7][0][0]) // 2):
        heights["loglik"] += [loglik(COINS, theta), loglik(COINS, after)]
        heights["bound"] += [loglik(COINS, theta), bound(COINS, q, after)]
    for frame in frames[CHAPTER7][0][0]:
        panel = Panel(frame.state.picture, 0)
        x, y, i = panel.axis("x"), panel.axis("y"), np.arange(frame.step + 1)
        for part, values in heights.items():
            stairs = panel.curve(part)[1:-1].reshape(-1, 2, 2)  # each stair: its left end, its right end
            expected = y.place(values[:1] + values)[i]
            close(stairs[:, :, 0], x.place(np.stack([i - 0.5, i + 0.5], axis=1)), f"{frame}, stairs of {part}")
            close(stairs[:, :, 1], expected[:, None], f"{frame}, heights of {part}")


def test_the_path_over_the_landscape_is_that_of_em(moments):
    trail = []
    for moment in moments[CHAPTER6, 1]:
        trail = [*trail, moment.here[0]] if moment.kind != "init" else [moment.here[0]]
        panel = Panel(moment.frame.state.picture, 0)
        x, y = panel.axis("x"), panel.axis("y")
        expected = np.array([[x.place(a), y.place(b)] for a, b in trail])
        drawn = panel.curve("path")  # padded, so that it can be morphed
        padded = np.concatenate([expected, np.repeat(expected[-1:], len(drawn) - len(expected), axis=0)])
        close(drawn, padded, f"{moment.frame}, the path")
        close(panel.dots("theta"), expected[-1:], f"{moment.frame}, the dot")


def test_a_contour_runs_at_one_height(frames):
    panel = Panel(frames[CHAPTER6][1][0][0].state.picture, 0)
    x, y = panel.axis("x"), panel.axis("y")
    paths = [path.get("d", "") for path in panel.tagged("path", panel.part("QuadContourSet_1"))]
    lines = [points(line) for path in paths for line in re.split("(?=M)", path) if line.strip()]
    assert len(lines) >= 10, f"{len(lines)} contours"
    for line in lines:
        heights = [loglik(COINS, (np.array([x.read(a), y.read(b)]),)) for a, b in line]
        spread = np.ptp(heights) / abs(np.mean(heights))
        assert spread < 0.01, f"a contour runs from {min(heights):.3f} to {max(heights):.3f}"

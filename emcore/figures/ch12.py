"""The figures of chapter 12, When EM goes wrong."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from ..core import Model, Step
from ..numerics import log_normal
from .look import COLOR, LINE, panels, style
from .paint import HEIGHTS, draw_components, draw_contours, draw_label, draw_path, draw_shares, draw_so_far
from .scenes import theta_numbers
from .stepper import Predict, Stepper, Words, number, significant, stepper


@style()
def saddle(model: Model, heads: np.ndarray, tie: list[Step], nudged: list[Step]) -> Stepper:
    """Two paths over the map of the coins' log-likelihood: from equal coins, and from a start a hair apart."""

    def draw(axes: np.ndarray, t: int) -> None:
        for ax, run in zip(axes, (tie, nudged), strict=True):
            draw_path(ax, np.array([step.theta.p for step in run[: t + 1]]), len(tie))

    def say(t: int) -> Words:
        numbers = {}
        for name, step in (("equal", tie[t]), ("nudged", nudged[t])):
            numbers |= {f"{name}: {key}": value for key, value in theta_numbers(step.theta, 4).items()}
            numbers[f"{name}: ℓ"] = number(step.loglik, 4)
        return Words(f"Iteration {t}, from equal coins and from coins that differ by 0.0001.", numbers)

    axes, grid = panels(340, 340, height=330), np.linspace(0.4, 0.9, 51)
    for ax, title in zip(axes, ("equal start", "a small nudge"), strict=True):
        draw_contours(ax, lambda a, b: model.loglik(heads, ((a, b),)), grid, grid, levels=np.linspace(-36, -31.6, 10))
        ax.set(xlabel="p of coin A", ylabel="p of coin B", xticks=[0.4, 0.6, 0.8], yticks=[0.4, 0.6, 0.8], title=title)
    return stepper(
        range(len(tie)), draw, say, axes=axes, label="iteration", interval=500,
        title="From equal coins EM ends on a saddle; a nudge frees it",
        alt="Two maps of the log-likelihood over the two coins' probabilities. The path from an equal start ends on "
        "the saddle; a nudged path passes it and climbs to a top.",
    )  # fmt: skip


@style()
def averages(ends: np.ndarray, ordered: np.ndarray) -> Stepper:
    """The estimates of several runs and their running averages: as they come, and with the larger one first."""
    runs = np.arange(1, len(ends) + 1)
    means = [np.cumsum(table, axis=0) / runs[:, None] for table in (ends, ordered)]

    def draw(axes: np.ndarray, n: int) -> None:
        for ax, table, mean in zip(axes, (ends, ordered), means, strict=True):
            for k in (0, 1):
                dots = {"color": COLOR[f"component{k + 1}"], "linestyle": "none", "marker": "os"[k], "markersize": 5}
                draw_so_far(ax, runs, table[:, k], n - 1, gid=f"runs{k + 1}", **dots)
                draw_so_far(ax, runs, mean[:, k], n - 1, gid=f"component{k + 1}", **LINE[f"component{k + 1}"])

    def say(n: int) -> Words:
        names = (("unsorted", means[0]), ("sorted", means[1]))
        numbers = {
            f"{name} {place}": number(mean[n - 1, k]) for name, mean in names for k, place in enumerate(("1st", "2nd"))
        }
        return Words(f"Averages over {n} runs." if n > 1 else "One run: nothing to average yet.", numbers)

    axes = panels(350, 350, height=240)
    for ax, title in zip(axes, ("unsorted", "sorted: larger first"), strict=True):
        ax.set(
            xlim=(0.5, 16.5),
            ylim=(0.4, 0.92),
            xticks=range(4, 17, 4),
            xlabel="run",
            ylabel="p, and average",
            title=title,
        )
    return stepper(
        range(1, len(ends) + 1), draw, say, axes=axes, label="runs", stops=range(1, len(ends) + 1), interval=500,
        grab=("component1", "component2"),
        predict=Predict(
            "Where is the average of the first coin after sixteen runs as they come?", "height",
            [(len(ends), means[0][-1, 0])], (0, len(ends) - 1), "component1",
        ),
        title="Averages over runs mean nothing until the labels are put in order",
        alt="Estimates of the two coins in sixteen runs, with running averages. Unsorted, the averages wander "
        "near the middle; sorted, they stay apart.",
    )  # fmt: skip


@style()
def collapse(height: np.ndarray, falling: list[Step], held: list[Step], last_words: str) -> Stepper:
    """The fitted density without a floor, until it collapses, and with one."""
    cm = np.unique(np.concatenate([np.linspace(150, 200, 501), 191 + np.linspace(-1.5, 1.5, 301)]))

    def draw(axes: np.ndarray, t: int) -> None:
        for ax, run in zip(axes, (falling, held), strict=True):
            pi, mu, sigma = (np.asarray(field) for field in run[min(t, len(run) - 1)].theta)
            density = np.exp(log_normal(cm[:, None], mu, sigma)) @ pi
            ax.plot(cm, np.minimum(density, 0.064), gid="density", color=COLOR["ink"], linewidth=2)

    def say(t: int) -> Words:
        over = t == len(falling)
        free, floor = falling[min(t, len(falling) - 1)], held[t]
        numbers = {
            "no floor: σ₁": "–" if over else number(free.theta.sigma[0], 4),
            "no floor: ℓ": "–" if over else number(free.loglik),
            "floor: σ₁": number(floor.theta.sigma[0], 4), "floor: ℓ": number(floor.loglik),
        }  # fmt: skip
        if over:
            return Words(f"No floor: CollapseError, {last_words.split(':')[0]}.", numbers)
        if t == 0:
            return Words("Start: component 1 is narrow and light.", numbers)
        moves = "creeps" if free.theta.sigma[0] > 0.95 * falling[t - 1].theta.sigma[0] else "falls"
        return Words(f"Iteration {t}: without a floor σ₁ {moves}.", numbers)

    axes = panels(350, 350, height=240)
    for ax, title in zip(axes, ("no floor", "a floor of 1.5 cm"), strict=True):
        ax.stairs(*np.histogram(height, HEIGHTS, density=True), fill=True, **LINE["data"])
        ax.set(xlim=(150, 200), ylim=(0, 0.065), yticks=[], xlabel="height (cm)", title=title)
    return stepper(
        range(len(falling) + 1), draw, say, axes=axes, label="iteration", interval=600,
        title="Without a floor a component closes in on two people",
        alt="The fitted density over the heights, twice. Without a floor the hump near 191 cm narrows to a spike; with "
        "a floor it stays a small hump.",
    )  # fmt: skip


@style()
def underflow(some_cm: np.ndarray, naive: Callable, log_odds: Callable, responsibility: Callable) -> Stepper:
    """The plain formula breaks off where both densities are 0 to the machine; log odds stay moderate numbers."""
    look = {"marker": "o", "markersize": 5} | LINE["component1"]

    def draw(axes: np.ndarray, i: int) -> None:
        draw_so_far(axes[0], some_cm, naive(some_cm), i, gid="naive", **look)
        draw_so_far(axes[1], some_cm, log_odds(some_cm.astype(float)), i, gid="logs", **look)

    def say(i: int) -> Words:
        at = float(some_cm[i])
        plain = naive(np.array([at]))[0]
        numbers = {
            "plain q": "0/0" if np.isnan(plain) else number(plain, 4),
            "log odds": number(log_odds(at), 2), "q in logs": number(responsibility(at), 4),
        }  # fmt: skip
        says = "the plain formula asks 0/0, and the logs still know" if np.isnan(plain) else "the plain formula works"
        return Words(f"At {at:g} cm {says}.", numbers)

    works = some_cm[~np.isnan(naive(some_cm))].max()
    axes = panels(350, 350, height=240)
    axes[0].set(xlim=(161, 199), ylim=(-0.1, 1.1), yticks=[0, 0.5, 1], xlabel="height (cm)", ylabel="q(male), plain")
    axes[1].set(xlim=(161, 199), ylim=(-100, 2300), xlabel="height (cm)", ylabel="log odds of male")
    return stepper(
        range(len(some_cm)), draw, say, axes=axes, label="height", stops=some_cm, interval=500, grab="logs",
        predict=Predict(
            "Up to which height does the plain formula work?", "across", [(works, naive(np.array([works]))[0])],
            (0, list(some_cm).index(works)), "naive", digits=0, unit=" cm",
        ),
        title="Plain probabilities end at 0/0; logs go on",
        alt="Two curves against height: the plain responsibility breaks off; the log odds stay moderate throughout.",
    )  # fmt: skip


@style()
def when_to_stop(
    exponents: np.ndarray, first: Sequence[int], weight: np.ndarray, extrapolated: Callable, best: float
) -> Stepper:
    """The weight where EM stops, by tolerance, and what Aitken's extrapolation makes of it."""
    looks = {
        "where it stops": {"color": COLOR["ink"], "marker": "o", "markersize": 5, "linewidth": 1.5},
        "extrapolated": {
            "color": COLOR["ink"],
            "marker": "s",
            "markersize": 6,
            "markerfacecolor": "none",
            "linestyle": "--",
        },
    }
    gains, at = [significant(10**e) for e in exponents], int(np.argmin(abs(exponents + 4)))
    heights = {"where it stops": weight[first], "extrapolated": [extrapolated(t) for t in first]}

    def draw(ax, i: int) -> None:
        for name, look in looks.items():
            draw_so_far(ax, exponents, heights[name], i, gid=name, **look)

    def say(i: int) -> Words:
        numbers = {"weight": number(weight[first[i]], 4), "extrapolated": number(heights["extrapolated"][i], 4)}
        says = f"Stopped when an iteration gains less than {gains[i]}: after {first[i]} iterations."
        return Words(says, {**numbers, "limit": number(best, 4)})

    ax = panels(370, height=250)
    ax.axhline(best, color=COLOR["data"], linewidth=1)
    draw_label(ax, -2.95, best, "the limit", "data", beside=(0, 3), va="bottom")
    ax.set(xlim=(-2.9, -7.1), ylim=(0.285, 0.375), xlabel="log₁₀ of the gain at which you stop", ylabel="weight")
    for name, look in looks.items():
        ax.plot([], [], label=name, **look)
    ax.legend(frameon=False, loc="lower right")
    return stepper(
        range(len(exponents)), draw, say, axes=ax, label="tolerance", interval=500, grab=tuple(looks),
        predict=Predict(
            "If you stop when an iteration gains less than 0.0001, at which weight do you stand?", "height",
            [(-4, weight[first[at]])], (0, at), "where it stops", digits=3,
        ),
        stops=gains, title="A small gain is not a small distance",
        alt="The weight at which EM stops, by tolerance, creeps up to the limit; the extrapolated weight is there from "
        "the second stop on.",
    )  # fmt: skip


@style()
def merging(merging: list[Step], parting: list[Step], times: Sequence[int]) -> Stepper:
    """Two means against the iteration, on a log scale: from one start they merge, from another they part."""
    logs = np.log10(times)

    def draw(axes: np.ndarray, i: int) -> None:
        for ax, run in zip(axes, (merging, parting), strict=True):
            for k in (0, 1):
                means = [run[t].theta.mu[k] for t in times]
                draw_so_far(ax, logs, means, i, gid=f"component{2 - k}", **LINE[f"component{2 - k}"])

    def say(i: int) -> Words:
        t, numbers = times[i], {}
        for name, run in (("merge", merging), ("part", parting)):
            low, high = run[t].theta.mu
            numbers |= {f"{name}: apart": number(high - low), f"{name}: ℓ": number(run[t].loglik, 5)}
        return Words(f"Iteration {t}: two means that merge, and two that part.", numbers)

    axes = panels(350, 350, height=240)
    for ax, title in zip(axes, ("from 150 and 165", "from 160 and 180"), strict=True):
        ax.set(xlim=(-0.1, 3.4), ylim=(155, 183), xlabel="iteration", ylabel="means (cm)", title=title)
        ax.set_xticks([0, 1, 2, 3], ["1", "10", "100", "1000"])
    return stepper(
        range(len(times)), draw, say, axes=axes, label="iteration", stops=times, interval=500,
        grab=("component1", "component2"),
        title="Two bells may merge into one, ever more slowly",
        alt="The two means against the iteration, on a log scale. From one start they merge, ever more slowly; from "
        "the other they part and settle.",
    )  # fmt: skip


@style()
def ridge(paths: Mapping[str, list[list[Step]]]) -> Stepper:
    """Starts and ends in the plane of two chances: one toss each, where a whole ridge is best, and ten tosses."""
    one, ten = paths.values()

    def draw(axes: np.ndarray, n: int) -> None:
        pi, p = one[n - 1][-1].theta
        ends = np.array([0.0, 1.0])
        axes[0].plot(ends, (pi @ p - pi[0] * ends) / pi[1], gid="ridge", color=COLOR["ink"], linestyle="--")
        for ax, runs in zip(axes, (one, ten), strict=True):
            shown = [runs[min(i, n - 1)] for i in range(len(runs))]
            lines = np.concatenate([[run[0].theta.p, run[-1].theta.p, (np.nan, np.nan)] for run in shown])
            ax.plot(*lines.T, gid="path", color=COLOR["data"], linewidth=1.2)
            ax.plot(*np.array([run[-1].theta.p for run in shown]).T, gid="theta", **LINE["theta"])

    def say(n: int) -> Words:
        first, last = (runs[n - 1][-1] for runs in (one, ten))
        numbers = {
            "one toss: p₁": number(first.theta.p[0], 4), "one toss: p₂": number(first.theta.p[1], 4),
            "π₁p₁ + π₂p₂": number(first.theta.pi @ first.theta.p, 4), "one toss: ℓ": number(first.loglik, 4),
            "ten: p₁": number(last.theta.p[0], 4), "ten: p₂": number(last.theta.p[1], 4),
            "ten: ℓ": number(last.loglik, 4),
        }  # fmt: skip
        return Words(f"Start {n}: dashed are all pairs that are as good, at this run's weights.", numbers)

    axes = panels(340, 340, height=330)
    for ax, title in zip(axes, ("one toss each", "ten tosses each"), strict=True):
        ax.set(xlim=(0, 1), ylim=(0, 1), xlabel="p₁", ylabel="p₂", aspect="equal", title=title)
        ax.set(xticks=[0, 0.5, 1], yticks=[0, 0.5, 1])
    return stepper(
        range(1, len(one) + 1), draw, say, axes=axes, label="starts", stops=range(1, len(one) + 1), interval=700,
        title="One toss cannot tell two coins apart; ten tosses can",
        alt="Lines from starts to ends in the plane of the two chances. With one toss each, sixteen starts have "
        "sixteen ends, each on a ridge; with ten, sixteen starts have two ends.",
    )  # fmt: skip


@style()
def tops(
    height: np.ndarray, pairs: list[tuple], tops: list[Step], higher: list[bool], score: Callable, q: Callable
) -> Stepper:
    """Where EM ends from each start, on which of two tops, and how well its labels agree with the sex."""
    lower = {"color": COLOR["ink"], "linestyle": "none", "marker": "o", "markersize": 7}
    looks = {
        "ends lower": (False, lower),
        "ends higher": (True, {**lower, "marker": "^", "markersize": 9, "markerfacecolor": "none"}),
    }
    cm = np.linspace(150, 200, 501)

    def draw(axes: np.ndarray, i: int) -> None:
        draw_shares(axes[0], height, q(tops[i].theta)[:, ::-1], HEIGHTS)
        taller_first = np.flip(tops[i].theta, axis=1)  # the taller group is component 1 in the whole book
        draw_components(axes[0], taller_first, cm)
        for name, (kind, look) in looks.items():
            spots = np.array([pairs[j] for j in range(i + 1) if higher[j] == kind] or [(np.nan, np.nan)])
            axes[1].plot(*spots.T, gid=name, **look)
        around = {"markersize": 15, "markerfacecolor": "none", "markeredgecolor": COLOR["ink"]}
        axes[1].plot(*np.reshape(pairs[i], (2, 1)), "o", gid="here", **around)

    def say(i: int) -> Words:
        step = tops[i]
        numbers = {
            "one mean": number(step.theta.mu[0], 2), "other mean": number(step.theta.mu[1], 2),
            "ℓ": number(step.loglik),
            "agree, all": f"{score(step):.0%}", "agree, first 20": f"{score(step, slice(20)):.0%}",
        }  # fmt: skip
        top = "higher" if higher[i] else "lower"
        return Words(f"From {pairs[i][0]} and {pairs[i][1]} cm EM ends on the {top} top.", numbers)

    axes = panels(360, 330, height=270)
    axes[0].set(xlim=(148, 200), ylim=(0, 0.062), yticks=[], xlabel="height (cm)")
    axes[1].set(
        xlim=(146, 184), ylim=(150, 200), xlabel="start of the first mean (cm)", ylabel="start of the second (cm)"
    )
    for name, (_, look) in looks.items():
        axes[1].plot([], [], label=name, **look)
    axes[1].legend(frameon=False, loc="upper left")
    return stepper(
        range(len(pairs)), draw, say, axes=axes, label="start", stops=[f"{a}, {b}" for a, b in pairs], interval=900,
        grab="here",
        title="The higher top is not the one that finds the sexes",
        alt="The heights, shared between the two components at the end of a run; and the starts so far, marked by "
        "the top that they reach.",
    )  # fmt: skip

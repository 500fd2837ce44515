"""The figures of chapter 11, Hidden Markov models. C (cold) and H (hot) are the components 1 and 2."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from ..core import Model, Step, fit
from .look import COLOR, LINE, panels, style
from .paint import draw_split
from .scenes import Frame, draw_history, draw_line, frames, history_axes, line_axes
from .stepper import Predict, Stepper, Words, number, stepper


class Trellis(NamedTuple):
    """What the page computed for its nodes (day, state), and the parameters that it used."""

    forward: Mapping[tuple[int, int], float]
    backward: Mapping[tuple[int, int], float]
    share: Mapping[tuple[int, int], float]
    days: np.ndarray  # the symbols of the days
    theta: tuple  # pi, A, B


@style()
def trellis(found: Trellis) -> Stepper:
    """Days and states as a trellis: read from left to right, from right to left, and both together."""
    T, gap = len(found.days), np.array([0.27, 0.73])  # an edge leaves room for the nodes
    nodes = [(t, k) for t in range(T) for k in (0, 1)]
    pages = [("forward", n) for n in range(2 * T + 1)] + [("backward", n) for n in range(1, 2 * T + 1)]
    pages += [("share", n) for n in range(1, T + 1)]

    def lit(page: tuple[str, int]) -> tuple[list, list]:
        """The nodes that are filled in, and those that this page adds."""
        phase, n = page
        if phase == "forward":
            return nodes[:n], nodes[max(n - 1, 0) : n]
        return (
            (nodes[2 * T - n :], nodes[2 * T - n :][:1])
            if phase == "backward"
            else (nodes[: 2 * n], nodes[2 * n - 2 : 2 * n])
        )

    def draw(ax, page: tuple[str, int]) -> None:
        phase, (done, here) = page[0], lit(page)
        step = 1 if phase == "backward" else -1
        for t, k in here:
            for j in (0, 1):
                if phase != "share" and 0 <= t + step < T:
                    ax.plot(t + 1 + step * gap, k + (j - k) * gap, gid=f"edge{j}", color=COLOR["ink"], linewidth=2.5)
        for t, k in done:
            value = getattr(found, phase)[t, k]
            alpha = 0.05 + 0.45 * value if phase == "share" else 0.2
            look = {"markersize": 50, "color": COLOR[f"component{k + 1}"], "alpha": alpha, "markeredgewidth": 0}
            ax.plot([t + 1], [k], "os"[k], gid=f"lit{t}{k}", zorder=3, **look)
            text = f"{value:.4f}" if phase == "forward" else f"{value:.3f}"
            ax.text(t + 1, k, text, ha="center", va="center", gid=f"value{t}{k}", zorder=4)

    def say(page: tuple[str, int]) -> Words:
        phase, (_, here) = page[0], lit(page)
        if not here:
            return Words("Press Next to read the days from left to right.")
        (pi, A, B), (t, k) = found.theta, here[-1]
        name, day = "CH"[k], t + 1
        if phase == "share":
            shares = " and ".join(f"{found.share[t, j]:.4f} through {'CH'[j]}" for j in (0, 1))
            return Words(f"Day {day}: forward times backward, as a share of all paths: {shares}.")
        value = f"{getattr(found, phase)[t, k]:.5f}"
        if phase == "forward":
            into = " + ".join(f"{found.forward[t - 1, j]:.5f} × {A[j][k]:.1f}" for j in (0, 1) if t)
            into = f"({into})" if t else f"{pi[k]:.1f}"
            return Words(f"Forward to {name} on day {day}: {into} × {B[k][found.days[t]]:.1f} = {value}.")
        if t == T - 1:
            return Words(
                f"Backward from {name} on day {day}: the diary stops, with probability {found.backward[t, k]:.3f}."
            )
        on = " + ".join(
            f"{A[k][j]:.1f} × {B[j][found.days[t + 1]]:.1f} × {found.backward[t + 1, j]:.5f}" for j in (0, 1)
        )
        return Words(f"Backward from {name} on day {day}: {on} = {value}.")

    ax = panels(370, height=230)
    for t, k in nodes:
        for j in (0, 1):
            if t < T - 1:
                ax.plot(t + 1 + gap, k + (j - k) * gap, color=COLOR["data"], linewidth=1)
        edge = {"markerfacecolor": "none", "markeredgecolor": COLOR[f"component{k + 1}"], "markeredgewidth": 2}
        ax.plot([t + 1], [k], "os"[k], markersize=50, **edge)
    ax.set(xlim=(0.5, T + 0.5), ylim=(-0.5, 1.5), yticks=[0, 1], yticklabels=["cold", "hot"])
    ax.set_xticks(range(1, T + 1), [f"day {t}\n{n + 1} eaten" for t, n in enumerate(found.days, start=1)])
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    return stepper(
        pages, draw, say, axes=ax, label="step", interval=1200,
        title="Two sweeps give the share of all paths through each node",
        alt="A trellis of days with a cold and a hot node each. Nodes light up from left to right, then from right to "
        "left, then by the share of the paths that pass through them.",
    )  # fmt: skip


@style()
def reading(diaries: Mapping[str, np.ndarray], beliefs: Mapping[str, list[np.ndarray]]) -> Stepper:
    """P(hot) for every day given the diary so far: it changes for days past as more is read."""

    def draw(axes: np.ndarray, page: tuple[str, int]) -> None:
        name, t = page
        T = len(diaries[name])
        eaten, belief = np.zeros(T), np.full(T, beliefs[name][t - 1][-1])
        eaten[:t], belief[:t] = diaries[name][:t] + 1, beliefs[name][t - 1]
        axes[0].stairs(eaten, np.arange(0.5, T + 1), fill=True, gid="eaten", **LINE["data"])
        axes[1].plot(np.minimum(np.arange(1, T + 1), t), belief, gid="component2", marker=".", **LINE["component2"])

    def say(page: tuple[str, int]) -> Words:
        name, t = page
        belief, eaten = beliefs[name][t - 1], int(diaries[name][t - 1]) + 1
        ends = "" if t < len(diaries[name]) else ", and the diary ends"
        numbers = {"P(hot) day 1": number(belief[0], 2), "P(hot) today": number(belief[-1], 2)}
        return Words(f"Day {t} is read: {eaten} ice cream{'s' * (eaten > 1)}{ends}.", numbers)

    axes = panels(360, 360, height=230)
    axes[0].set(xlim=(0, 34), ylim=(0, 3.2), yticks=[0, 1, 2, 3], xlabel="day", ylabel="ice creams eaten")
    axes[1].set(xlim=(0, 34), ylim=(-0.05, 1.05), yticks=[0, 0.5, 1], xlabel="day", ylabel="P(hot | read so far)")
    name, first = next(iter(diaries.items()))
    return stepper(
        {name: [(name, t) for t in range(1, len(first) + 1)] for name in diaries}, draw, say, axes=axes,
        label="days read", stops=range(1, len(first) + 1), start_label="day 1", interval=500, grab="component2",
        predict=Predict(
            f"When the whole diary that begins with {name} is read, how probable is it that day 1 was hot?", "height",
            [(1, beliefs[name][-1][0])], (0, len(first) - 1), "component2", panel=1,
        ),
        title="What you read today changes what you think of yesterday",
        alt="Ice creams eaten, day by day; the probability that each day was hot, given the diary so far.",
    )  # fmt: skip


@style()
def baum_welch(model: Model, x: np.ndarray, starts: Mapping[str, tuple]) -> Stepper:
    """EM for the chain: every day shared out between cold and hot, and l and F so far."""
    runs: dict[str, list[Step]] = {name: fit(model, x, start, tol=0, max_iter=9) for name, start in starts.items()}

    def draw(axes: np.ndarray, frame: Frame) -> None:
        if frame.step.q is None:
            axes[0].bar(range(1, len(x) + 1), np.ones(len(x)), 0.7, gid="whole", **LINE["data"])
        else:
            draw_split(axes[0], frame.step.q.gamma)
        draw_history(axes[1], frame.so_far)
        draw_line(axes[2], frame, model=model, x=x)

    def say(frame: Frame) -> Words:
        step, (_, A, B) = frame.step, frame.step.theta
        says = {
            "init": "Start: nothing is shared out yet.",
            "E": f"E-step {frame.t}: every day is shared out, and the bound touches ℓ.",
            "M": f"M-step {frame.t}: θ moves to the top of the bound.",
        }
        numbers = {
            "P(stay cold)": number(A[0][0], 4), "P(stay hot)": number(A[1][1], 4),
            "P(1 | cold)": number(B[0][0], 4), "P(1 | hot)": number(B[1][0], 4),
            "hot days": "–" if step.q is None else number(step.q.gamma[:, 1].sum(), 2),
            "F": number(step.bound, 4), "ℓ": number(step.loglik, 4),
        }  # fmt: skip
        return Words(says[step.kind], numbers)

    axes = panels(360, 360, 360, height=240)
    axes[0].set(xlim=(0, len(x) + 1), ylim=(0, 1), yticks=[0, 0.5, 1], xlabel="day", ylabel="share of q")
    history_axes(axes[1], [step for run in runs.values() for step in run], 18)
    line_axes(axes[2])
    return stepper(
        {name: frames(run) for name, run in runs.items()}, draw, say, axes=axes, start_label="from",
        title="Baum–Welch: share out the days, count, repeat",
        details={2: "For experts: ℓ and F along the line from this θ to the next"},
        alt="For each day a bar split into the probabilities of cold, at its foot, and of hot; ℓ and the bound so far.",
    )  # fmt: skip

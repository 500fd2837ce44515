"""The figures of chapter 10, K-means is hard EM."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from ..core import Step
from .look import COLOR, LINE, panels, style
from .paint import HEIGHTS, draw_label, draw_shares, draw_so_far, draw_walk
from .scenes import draw_history, history_axes
from .stepper import Predict, Stepper, Words, number, stepper


@style()
def hard_steps(height: np.ndarray, runs: Mapping[str, list[Step]]) -> Stepper:
    """K-means by half-steps: the heights cut in two, the centroids, and l above a bound that never touches it."""

    def draw(axes: np.ndarray, page: list[Step]) -> None:
        step = page[-1]
        draw_shares(axes[0], height, None if step.q is None else step.q[:, ::-1], HEIGHTS)
        for k, mu in enumerate(step.theta.mu, start=1):
            role = f"component{3 - k}"  # the taller group has the color of component 1 in the whole book
            axes[0].plot([mu, mu], [0, 0.055], gid=role, **LINE[role])
            above = {"beside": (0, 2), "ha": "center", "va": "bottom"}
            draw_label(axes[0], mu, 0.055, f"centroid {k}", role, gid=f"name{k}", **above)
        draw_history(axes[1], page)

    def say(page: list[Step]) -> Words:
        step, before, t = page[-1], page[-2:][0], len(page) // 2
        if np.array_equal(step.theta.mu, before.theta.mu):
            moved = "nobody has changed sides, so the centroids stay"
        else:
            moved = "the centroids move, F climbs, and ℓ " + ("falls" if step.loglik < before.loglik else "climbs too")
        says = {
            "init": "Start: nobody has been given to a centroid yet.",
            "E": f"E-step {t}: everybody goes to the nearest centroid.",
            "M": f"M-step {t}: {moved}.",
        }
        sizes = "–" if step.q is None else " and ".join(f"{n:.0f}" for n in step.q.sum(axis=0))
        gap = None if step.bound is None else abs(step.loglik - step.bound)
        centroids = {f"centroid {k}": number(mu, 2) for k, mu in enumerate(step.theta.mu, start=1)}
        numbers = {"F": number(step.bound), "gap": number(gap), "ℓ": number(step.loglik)}
        return Words(says[step.kind], {**centroids, "people": sizes, **numbers})

    axes = panels(360, 360, height=250)
    axes[0].set(xlim=(145, 201), ylim=(0, 0.064), xlabel="height (cm)", yticks=[])
    history_axes(axes[1], [step for run in runs.values() for step in run], 20)
    return stepper(
        {name: [run[: i + 1] for i in range(len(run))] for name, run in runs.items()}, draw, say, axes=axes,
        kinds=[step.kind for step in max(runs.values(), key=len)], start_label="from",
        grab=("theta", "component1"),
        title="K-means climbs a bound that never touches ℓ",
        alt="The heights, cut in two at the middle between two centroids; the log-likelihood and K-means' bound, which "
        "never touches it.",
    )  # fmt: skip


@style()
def harder(height: np.ndarray, soft: Callable, gap: Callable) -> Stepper:
    """The responsibility of the taller component as sigma shrinks, and what the hard assignment still misses."""
    sigmas = [10, 9, 8, 7, 6, 5, 4.5, 4, 3.5, 3, 2.5, 2, 1.5, 1, 0.7, 0.5, 0.3, 0.1]
    cm, fine = np.linspace(150, 195, 181), np.linspace(-10, -0.1, 100)

    def draw(axes: np.ndarray, sigma: float) -> None:
        axes[0].plot(cm, soft(cm, sigma), gid="soft", **LINE["component1"])
        draw_walk(axes[1], fine, lambda s: gap(-s), -sigma, begun=sigma < sigmas[0])

    def say(sigma: float) -> Words:
        numbers = {
            "σ": f"{sigma:g}",
            "q at 172 cm": number(soft(172.0, sigma)),
            "gap, hard q": number(abs(gap(sigma)), 4),
        }
        doubted = np.sum(np.abs(soft(height, sigma) - 0.5) < 0.4)
        return Words(f"{doubted} of {len(height)} people are in doubt, with a q between 0.1 and 0.9.", numbers)

    axes = panels(360, 360, height=240)
    axes[0].plot(height, np.full(len(height), -0.05), "|", color=COLOR["data"])
    axes[0].set(xlim=(150, 195), ylim=(-0.1, 1.05), yticks=[0, 0.5, 1], xlabel="height (cm)", ylabel="q of the taller")
    axes[1].set(xlim=(-10.3, 0.3), ylim=(-3, 70), xlabel="σ (cm)", ylabel="gap of the hard q")
    axes[1].set_xticks([-10, -5, 0], ["10", "5", "0"])
    return stepper(
        sigmas, draw, say, axes=axes, label="σ", stops=[f"{s:g}" for s in sigmas], interval=600,
        title="As σ shrinks, soft becomes hard, and the gap closes",
        alt="The responsibility of the taller component against height, an S-curve that turns into a step as sigma "
        "shrinks; the gap of the hard assignment.",
    )  # fmt: skip


@style()
def unequal(shares: Sequence[float], families: Mapping[str, tuple[float, float]], seen: Mapping[str, list]) -> Stepper:
    """What K-means sees of two groups as the large one grows; seen: family -> [(data, last step, seen / true)]."""
    looks = {
        "centers apart": {"color": COLOR["ink"], "marker": "o", "markersize": 5},
        "sd of 1": LINE["component1"],
        "sd of 2": LINE["component2"],
    }
    truth = {"color": COLOR["ink"], "linewidth": 1.2, "linestyle": ":"}

    def draw(axes: np.ndarray, page: tuple[str, int]) -> None:
        name, i = page
        x, end, _ = seen[name][i]
        draw_shares(axes[0], x, end.q, np.arange(-3.6, 7.1, 0.3))
        for k, mu in enumerate(end.theta.mu, start=1):
            axes[0].plot([mu, mu], [0, 0.42], gid=f"component{k}", **LINE[f"component{k}"])
        axes[0].plot([families[name][0]] * 2 + [np.nan, 0, 0], [0, 0.42, np.nan, 0, 0.42], gid="truth", **truth)
        for row, (gid, look) in enumerate(looks.items()):
            draw_so_far(axes[1], np.array(shares), [found[2][row] for found in seen[name]], i, gid=gid, **look)

    def say(page: tuple[str, int]) -> Words:
        name, i = page
        mu, sigma = families[name]
        x, end, multiples = seen[name][i]
        apart, one, two = multiples * (mu, 1, sigma)
        numbers = {
            "centers apart": number(apart, 2), "truly apart": f"{mu}", "sd of 1": number(one, 2), "true sd of 1": "1",
            "sd of 2": number(two, 2), "true sd of 2": f"{sigma}",
        }  # fmt: skip
        crossed = end.q[: round(shares[i] * len(x)), 1].mean()  # the large group comes first
        return Words(f"{crossed:.1%} of the large group has gone over to the small one.", numbers)

    far = int(np.argmin(abs(np.array(shares) - 0.97)))
    axes = panels(360, 360, height=260)
    axes[0].set(xlim=(-3.7, 7.1), ylim=(0, 0.45), yticks=[], xlabel="value; dotted: the true means")
    axes[1].axhline(1, color=COLOR["data"], linewidth=1)
    axes[1].set(xlim=(0.48, 1.01), ylim=(0, 3.3), xlabel="share of the large group", ylabel="seen / true")
    for label, look in looks.items():
        axes[1].plot([], [], label=label, **look)
    axes[1].legend(frameon=False, loc="upper left")
    return stepper(
        {name: [(name, i) for i in range(len(shares))] for name in families}, draw, say, axes=axes, label="share",
        stops=[f"{share:.0%}" for share in shares], start_label="small group", interval=700, grab="centers apart",
        predict=Predict(
            f"When the large group holds {shares[far]:.0%}, which share of the true distance lies between the centers?",
            "height", [(shares[far], next(iter(seen.values()))[far][2][0])], (0, far), "centers apart", panel=1,
        ),
        title="K-means gives the tail of the large group to the small one",
        alt="Two groups and where K-means cuts them; the distance of the centers and the widths of the groups as "
        "K-means sees them, divided by the true ones, against the share of the large group.",
    )  # fmt: skip

"""emcore: the EM algorithm, one half-step at a time."""

from . import data
from .coins import BinomialMixture, Coins
from .core import CollapseError, Mixture, Model, Step, em, fit
from .gmm import GMM1D, OneMean
from .linkage import Linkage
from .poisson import PoissonMixture

__all__ = [
    "GMM1D",
    "BinomialMixture",
    "Coins",
    "CollapseError",
    "Linkage",
    "Mixture",
    "Model",
    "OneMean",
    "PoissonMixture",
    "Step",
    "data",
    "em",
    "fit",
]
__version__ = "0.1.0"

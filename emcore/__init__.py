"""emcore: the EM algorithm, one half-step at a time."""

from . import data
from .checkup import check_model
from .coins import BinomialMixture, Coins
from .core import CollapseError, Mixture, Model, Step, em, fit
from .gmm import GMM1D, OneMean
from .hmm import HMM, ChainQ
from .lifetimes import CensoredLifetimes
from .linkage import Linkage
from .mixtures import GMM, KMeans
from .poisson import PoissonMixture

__all__ = [
    "GMM",
    "GMM1D",
    "HMM",
    "BinomialMixture",
    "CensoredLifetimes",
    "ChainQ",
    "Coins",
    "CollapseError",
    "KMeans",
    "Linkage",
    "Mixture",
    "Model",
    "OneMean",
    "PoissonMixture",
    "Step",
    "check_model",
    "data",
    "em",
    "fit",
]
__version__ = "0.1.0"

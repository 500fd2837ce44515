"""The models of the course, one file a family."""

from .coins import BinomialMixture, Coins
from .gaussian import GMM, GMM1D, OneMean
from .hmm import HMM, ChainQ
from .kmeans import KMeans
from .lifetimes import CensoredLifetimes
from .linkage import Linkage
from .poisson import PoissonMixture
from .sequences import HMMSequences

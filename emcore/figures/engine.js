// EM for mixtures on the line and for coins: the only mathematics in JavaScript, held to emcore by a test.
// Pure functions. A model gives rows, log p(x_n, z_n = k | theta), and an M-step; the rest follows from the rows.
// What cannot be is answered in words: { error }.
const engine = (() => {
  const { abs, exp, log, log1p, max, min, sqrt, PI } = Math, TINY = 2 ** -1022;
  const POINT = 1e-12; // a standard deviation of at most this share of |mu| may be the rounding of equal data
  const sum = (values) => values.reduce((total, value) => total + value, 0);
  const xlogy = (x, y) => (x === 0 ? 0 : x * log(y));
  const xlog1py = (x, y) => (x === 0 ? 0 : x * log1p(y));
  const logSumExp = (row) => {
    const top = max(...row);
    return Number.isFinite(top) ? top + log(sum(row.map((value) => exp(value - top)))) : top;
  };
  const posterior = (row) => {
    const top = max(...row), parts = row.map((value) => exp(value - top)), whole = sum(parts);
    return parts.map((part) => part / whole);
  };
  const logNormal = (x, mu, sigma) => {
    const z = (x - mu) / sigma;
    return -0.5 * (z * z) - log(sigma * sqrt(2 * PI));
  };

  // The sizes N_k = sum_n q_n(k), or an error; and sum_n q_n(k) f_n, for each k.
  const sizes = (q) => {
    const size = q[0].map((_, k) => sum(q.map((row) => row[k]))), empty = size.findIndex((n) => !(n > TINY * q.length));
    return empty < 0 ? { size } : { error: `component ${empty + 1} has lost all its data: its shares sum to 0` };
  };
  const weighted = (q, values, k) => sum(values.map((value, n) => q[n][k] * value));

  // A mixture of K normal densities, theta = { pi, mu, sigma }. only = "means": pi and sigma are held, as in K-means.
  const normal = {
    logJoint: (x, { pi, mu, sigma }) => x.map((v) => pi.map((p, k) => log(p) + logNormal(v, mu[k], sigma[k]))),
    mStep(x, q, theta, only) {
      const { size, error } = sizes(q);
      if (error) return { error };
      const mu = size.map((n, k) => weighted(q, x, k) / n);
      if (only === "means") return { ...theta, mu };
      const sigma = size.map((n, k) => sqrt(weighted(q, x.map((v) => (v - mu[k]) * (v - mu[k])), k) / n));
      const flat = sigma.findIndex((s, k) => !(s > POINT * abs(mu[k])));
      if (flat >= 0) return { error: `component ${flat + 1} has no width left: it has shrunk onto one value` };
      return { pi: size.map((n) => n / sum(size)), mu, sigma };
    },
    density: (v, { pi, mu, sigma }) => pi.map((p, k) => p * exp(logNormal(v, mu[k], sigma[k]))),
  };

  // Heads in so many tosses, by K hidden coins, theta = { pi, p }. only = "means": pi is held.
  const binomial = (tosses) => {
    const logFactorial = [0];
    for (let i = 1; i <= tosses; i++) logFactorial.push(logFactorial[i - 1] + log(i));
    const choose = (heads) => logFactorial[tosses] - logFactorial[heads] - logFactorial[tosses - heads];
    return {
      logJoint: (x, { pi, p }) => x.map((heads) => pi.map((share, k) =>
        log(share) + choose(heads) + (xlogy(heads, p[k]) + xlog1py(tosses - heads, -p[k])))),
      mStep(x, q, theta, only) {
        const { size, error } = sizes(q);
        if (error) return { error };
        const p = size.map((_, k) => {
          const heads = weighted(q, x, k), tails = weighted(q, x.map((h) => tosses - h), k);
          const share = heads > 0 ? max(heads / (heads + tails), TINY) : 0; // rounding makes none 0 or 1
          return tails > 0 ? min(share, 1 - 2 ** -53) : share;
        });
        return { pi: only === "means" ? theta.pi : size.map((n) => n / sum(size)), p };
      },
    };
  };

  return {
    normal,
    binomial,
    // q_n(k) = p(z_n = k | x_n, theta): the posterior of each x, from its row.
    eStep(rows) {
      const n = rows.findIndex((row) => !Number.isFinite(max(...row)));
      return n < 0 ? rows.map(posterior) : { error: `observation ${n + 1} is impossible under every component` };
    },
    // The best q that holds only 0 and 1: the largest of each row, the first in a tie.
    hardStep: (rows) => rows.map((row) => row.map((_, k) => +(k === row.indexOf(max(...row))))),
    // l, term by term, and F, term by term: sum_k q_n(k) (log p(x_n, z_n = k) - log q_n(k)), with 0 log 0 = 0.
    logliks: (rows) => rows.map(logSumExp),
    bounds: (q, rows) => q.map((row, n) => sum(row.map((r, k) => (r > 0 ? r * (rows[n][k] - log(r)) : 0)))),
    loglik(rows) { return sum(this.logliks(rows)); },
    bound(q, rows) { return sum(this.bounds(q, rows)); },
  };
})();

"""Makes vectors.txt, which core/tests/statistics/main.rs compares with.

    python3 -m venv venv && venv/bin/pip install scipy==1.17.1 numpy mpmath==1.4.1
    venv/bin/python core/tests/statistics/vectors.py > core/tests/statistics/vectors.txt

Means, spreads, t, intervals and Wilcoxon's normal approximation are SciPy's. Exact signed-rank
probabilities are SciPy's where it has them (no ties), by trying all signs up to 16 changes, and by
multiplying out the generating polynomial in whole numbers beyond. Effect sizes are their formulas in
NumPy. The tables of t, normal and chi-squared are mpmath's with forty digits.
"""

import itertools

import mpmath as mp
import numpy as np
import scipy
from scipy import stats

mp.mp.dps = 40

METRIC = dict(
    zip(
        range(7, 36),
        [700, 951, 1125, 1240, 1333, 1408, 1475, 1532, 1584, 1636, 1688, 1743, 1798, 1859, 1925, 1998,
         2073, 2154, 2235, 2321, 2411, 2503, 2602, 2703, 2813, 2931, 3070, 3255, 3500],
    )
)


def exact(d):
    """The exact two-sided p of the signed ranks of whole numbers, zeros dropped, ties sharing ranks."""
    d = d[d != 0]
    doubled = np.rint(2 * stats.rankdata(np.abs(d))).astype(int)
    plus = int(doubled[d > 0].sum())
    least = min(plus, int(doubled.sum()) - plus)
    if len(d) <= 16:
        sums = [sum(r for r, s in zip(doubled, signs) if s) for signs in itertools.product((0, 1), repeat=len(d))]
        tail = sum(1 for one in sums if one <= least)
    else:
        ways = {0: 1}
        for rank in doubled:
            more = dict(ways)
            for total, count in ways.items():
                more[total + int(rank)] = more.get(total + int(rank), 0) + count
            ways = more
        tail = sum(count for total, count in ways.items() if total <= least)
    p = min(1.0, 2 * tail / 2 ** len(d))
    if len(set(np.abs(d))) == len(d) and len(d) <= 50:
        known = stats.wilcoxon(d, method="exact").pvalue
        assert abs(known / p - 1) < 1e-12, (known, p)
    return p


def case(name, direction, pre, post):
    pre, post = np.array(pre), np.array(post)
    d = post - pre if direction == "higher" else pre - post
    points = d / 100
    n = len(d)
    print("case", name)
    print("direction", direction)
    print("pre", *pre)
    print("post", *post)
    out = lambda key, value: print(key, repr(float(value)))
    out("mean_from", np.mean(pre / 100))
    out("mean_to", np.mean(post / 100))
    out("sd_from", np.std(pre / 100, ddof=1))
    out("sd_to", np.std(post / 100, ddof=1))
    out("mean", points.mean())
    s = points.std(ddof=1)
    out("sd", s)
    a, b = (post / 100, pre / 100) if direction == "higher" else (pre / 100, post / 100)
    test = stats.ttest_rel(a, b)
    interval = test.confidence_interval(0.95)
    out("t", test.statistic)
    out("df", test.df)
    out("p", test.pvalue)
    out("low", interval.low)
    out("high", interval.high)
    dz = points.mean() / s
    out("d_z", dz)
    out("g_z", dz * (1 - 3 / (4 * (n - 1) - 1)))
    out("d_av", points.mean() / ((np.std(pre / 100, ddof=1) + np.std(post / 100, ddof=1)) / 2))
    # Whole hundredths, so that ties are ties.
    normal = stats.wilcoxon(d, zero_method="wilcox", correction=True, method="asymptotic")
    nonzero = d[d != 0]
    ranks = stats.rankdata(np.abs(nonzero))
    out("w", normal.statistic)
    out("w_plus", ranks[nonzero > 0].sum())
    out("nonzero", len(nonzero))
    out("z", abs(normal.zstatistic) * np.sign(ranks[nonzero > 0].sum() - ranks[nonzero < 0].sum()))
    out("p_normal", normal.pvalue)
    untied = len(set(np.abs(nonzero))) == len(nonzero)
    if len(nonzero) <= 25 or (untied and len(nonzero) <= 49):
        out("p_exact", exact(d))
    print()


def table():
    t = lambda x, df: mp.betainc(mp.mpf(df) / 2, mp.mpf(1) / 2, 0, mp.mpf(df) / (df + mp.mpf(x) ** 2), regularized=True)
    for df in [1, 2, 3, 7, 11, 29, 30, 99, 1000, 100000, 10000000]:
        for x in [0.001, 0.5, 1.0, 2.0, 4.0758, 10.0, 40.0]:
            value = t(x, df)
            if value > mp.mpf("1e-300"):
                print("t", df, x, mp.nstr(value, 18))
        low, high = mp.mpf("1.9"), mp.mpf(13)
        for _ in range(120):
            middle = (low + high) / 2
            low, high = (middle, high) if t(middle, df) > mp.mpf("0.05") else (low, middle)
        print("critical", df, 0, mp.nstr(low, 18))
    for z in [0.0, 0.001, 0.5, 1.96, 2.6229, 5.0, 10.0, 30.0]:
        print("normal", 0, z, mp.nstr(mp.erfc(mp.mpf(z) / mp.sqrt(2)), 18))
    for x in [0.01, 0.5, 3.84, 10.0, 60.0]:
        print("chi", 1, x, mp.nstr(mp.erfc(mp.sqrt(mp.mpf(x) / 2)), 18))
    for left, came in [(6, 0), (1, 0), (5, 5), (9, 3), (3, 9), (20, 4), (12, 12)]:
        print("mcnemar", left, came, repr(float(stats.binomtest(left, left + came).pvalue)))
    for left, came in [(25, 0), (13, 12), (40, 21), (15, 15), (300, 240)]:
        statistic = max(abs(left - came) - 1, 0) ** 2 / (left + came)
        print("mcnemar", left, came, repr(float(stats.chi2.sf(statistic, 1))))


def main():
    print("# SciPy", scipy.__version__, "NumPy", np.__version__, "mpmath", mp.__version__)
    rng = np.random.default_rng(20260611)
    metric = lambda raw: [METRIC[int(one)] for one in raw]
    steps = lambda low, high, n, shift: (
        (a := rng.integers(low, high + 1, n)) * 100,
        np.clip(a + rng.integers(-2, 4, n) + shift, low, high) * 100,
    )
    case("domain findings 5, worked vector", "higher",
         metric([18, 21, 16, 25, 20, 23, 19, 27, 14, 22, 24, 17]),
         metric([22, 24, 19, 24, 23, 26, 19, 29, 18, 25, 23, 22]))
    case("eight, no ties", "higher", [700, 951, 1125, 1240, 1333, 1408, 1475, 1532], [725, 1100, 1100, 1333, 1503, 1700, 1400, 1890])
    case("satisfied, fifteen, ties and zeros", "higher", *steps(0, 10, 15, 0))
    case("anxious, twenty, less is better", "lower", *steps(0, 10, 20, -2))
    case("loneliness, twenty-five, less is better", "lower", *steps(3, 9, 25, -1))
    case("happy, twenty-five changes with ties: exact", "higher", np.arange(25) % 5 * 100, (np.arange(25) % 5 + 1 + np.arange(25) % 3 - 2 * (np.arange(25) % 7 == 0) * 2) * 100)
    case("happy, forty with ties: normal", "higher", *steps(0, 10, 40, 0))
    shuffled = rng.permutation(np.arange(1, 50))
    case("forty-nine without ties: exact", "higher", np.full(49, 2000), 2000 + shuffled * np.where(rng.random(49) < 0.65, 1, -1))
    shuffled = rng.permutation(np.arange(1, 51))
    case("fifty without ties: normal", "higher", np.full(50, 2000), 2000 + shuffled * np.where(rng.random(50) < 0.6, 1, -1))
    raw = rng.integers(12, 30, 60)
    case("swemwbs, sixty", "higher", metric(raw), metric(np.clip(raw + rng.integers(-4, 6, 60), 7, 35)))
    case("everybody worse, nine", "higher", np.arange(900, 0, -100), np.arange(900, 0, -100) - [100, 200, 100, 300, 100, 200, 100, 100, 50])
    case("nearly nobody changed, thirty", "higher", np.full(30, 500), [600] + [500] * 29)
    case("wemwbs, thirty-one, small change", "higher", *steps(14, 70, 31, 0))
    raw = rng.integers(7, 36, 2000)
    case("swemwbs, two thousand", "higher", metric(raw), metric(np.clip(raw + rng.integers(-5, 6, 2000), 7, 35)))
    case("service use, far apart", "higher", rng.integers(0, 100, 18) * 100, rng.integers(0, 100, 18) * 100)
    table()


main()

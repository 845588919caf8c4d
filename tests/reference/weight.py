"""Reference values for the weight filter: statsmodels' Kalman filter on a local linear trend at uneven times, and a state as version 1 wrote it.

Writes values/weight-trend.csv (milliseconds, weight, source, then filtered level and trend, their variances and covariance, innovation and its
variance) and, into the tests' fixtures, weight-state-begun.v1.txt and weight-state-queued.v1.txt (states of version 1, put together byte by byte).
The filter starts at the first weighing from the median of the first three, with the squared scaled MAD of these as variance.
"""
import base64
import hashlib
import pathlib
import struct

import numpy as np
import statsmodels.api as sm

HERE = pathlib.Path(__file__).parent
OUT = HERE / "values"
FIXTURES = HERE.parent / "Processing.Tests" / "Fixtures"
DAY_MS = 86_400_000
LEVEL, TREND = 0.23, 2e-5
DEVIATIONS = {1: 0.24, 2: 0.42, 3: 0.3, 4: 0.42}
FLOOR, INITIAL_TREND = 0.3, 0.03


class Trend(sm.tsa.statespace.MLEModel):
    """y = level + noise; level' = level + t trend + walk; trend' = trend + walk, with t from one weighing to the next."""

    def __init__(self, y, days, noise, level, level_variance):
        super().__init__(y, k_states=2, k_posdef=2)
        n = len(y)
        steps = np.append(np.diff(days), 1.0)
        transition, walk = np.zeros((2, 2, n)), np.zeros((2, 2, n))
        for i, t in enumerate(steps):
            transition[:, :, i] = [[1, t], [0, 1]]
            walk[:, :, i] = [[LEVEL * t + TREND * t**3 / 3, TREND * t**2 / 2], [TREND * t**2 / 2, TREND * t]]
        self["design"] = np.array([[1.0, 0.0]])
        self["selection"] = np.eye(2)
        self["transition"], self["state_cov"] = transition, walk
        self["obs_cov"] = np.array(noise).reshape(1, 1, n)
        self.ssm.initialize_known(np.array([level, 0.0]), np.diag([level_variance, INITIAL_TREND**2]))
        self.loglikelihood_burn = 0
        self.ssm.tolerance = 0  # no switch to the steady state

    def update(self, params, **kwargs):
        """Nothing is estimated."""


def series(rng, n):
    gaps = rng.choice([3_600_000, 43_200_000, 86_400_000, 86_400_000, 90_061_000, 172_800_000, 604_800_000, 2_419_200_000], n)
    times = 1_700_000_000_000 + np.cumsum(gaps)
    level, trend, weights, sources = 82.0, -0.02, [], []
    for gap in gaps:
        t = gap / DAY_MS
        q = np.array([[LEVEL * t + TREND * t**3 / 3, TREND * t**2 / 2], [TREND * t**2 / 2, TREND * t]])
        step = rng.multivariate_normal([0, 0], q)
        level, trend = level + t * trend + step[0], trend + step[1]
        source = int(rng.integers(1, 5))
        sources.append(source)
        weights.append(float(np.round(level + rng.normal(0, DEVIATIONS[source]), 2)))
    return times, np.array(weights), sources


def write_trend():
    times, y, sources = series(np.random.default_rng(2004), 400)
    first = y[:3]
    median = np.median(first)
    deviation = max(1.482602218505602 * np.median(np.abs(first - median)), FLOOR)
    days = (times - times[0]) / DAY_MS
    f = Trend(y, days, [DEVIATIONS[s] ** 2 for s in sources], median, deviation**2).ssm.filter()
    with open(OUT / "weight-trend.csv", "w", encoding="ascii") as out:
        out.write(f"# level variance {LEVEL} a day, trend variance {TREND} a day\n")
        out.write("timeMs,kilograms,source,level,trend,levelVariance,covariance,trendVariance,innovation,innovationVariance\n")
        for i in range(len(y)):
            p = f.filtered_state_cov[:, :, i]
            numbers = (y[i], sources[i], f.filtered_state[0, i], f.filtered_state[1, i], p[0, 0], p[0, 1], p[1, 1], f.forecasts_error[0, i], f.forecasts_error_cov[0, 0, i])
            out.write(f"{int(times[i])}," + ",".join(repr(float(n)) for n in numbers) + "\n")


def zigzag(value):
    value, out = value << 1, b""
    while value >= 0x80:
        out, value = out + bytes([value & 0x7F | 0x80]), value >> 7
    return out + bytes([value])


def text(payload):
    return f"physio-weight.{base64.b64encode(payload).decode()}.{hashlib.sha256(payload).hexdigest()[:16]}\n"


def write_version_1():
    """Version 1: its number, whether a course had begun, then time, level, variance and trend, or the queued weighings."""
    begun = b"\x01\x01" + zigzag(1_753_000_000_000) + struct.pack("<ddd", 81.25, 0.09, -0.015)
    queued = b"\x01\x00\x02" + b"".join(zigzag(t) + struct.pack("<d", w) + bytes([s]) for t, w, s in [(1_752_900_000_000, 81.4, 3), (1_753_000_000_000, 81.1, 4)])
    (FIXTURES / "weight-state-begun.v1.txt").write_text(text(begun), encoding="ascii")
    (FIXTURES / "weight-state-queued.v1.txt").write_text(text(queued), encoding="ascii")


if __name__ == "__main__":
    write_trend()
    write_version_1()

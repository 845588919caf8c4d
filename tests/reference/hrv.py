"""Heart rate variability by numpy and scipy: the reference of HeartRateVariability."""
import csv
import numpy as np
from scipy.signal import lombscargle

OUT = "values/"
LF, HF = (0.04, 0.15), (0.15, 0.40)


def simulate(seed, minutes, mean, lf, hf, noise):
    """RR intervals whose rate is modulated at 0.1 and 0.25 Hz, with noise, on a grid of one millisecond."""
    rng = np.random.default_rng(seed)
    beats, t = [], 0.0
    while t < 60 * minutes:
        rr = mean + lf * np.sin(2 * np.pi * 0.1 * t) + hf * np.sin(2 * np.pi * 0.25 * t) + noise * rng.standard_normal()
        rr = round(float(rr))
        t = round(t + rr / 1000, 3)
        beats.append((t, rr))
    return beats


def drop(beats, every):
    """Takes out two intervals at regular places, as an ectopic beat does."""
    return [b for i, b in enumerate(beats) if i % every not in (0, 1)]


def measures(beats):
    t = np.array([b[0] for b in beats])
    rr = np.array([b[1] for b in beats], float)
    adjacent = np.abs(1000 * np.diff(t) - rr[1:]) <= 1
    d = np.diff(rr)[adjacent]
    span = t[-1] - t[0]
    powers = []
    for low, high in (LF, HF):
        f = np.arange(round(low * 1000), round(high * 1000) + 1) / 1000
        psd = 2 * span / len(rr) * lombscargle(t - t[0], rr - rr.mean(), 2 * np.pi * f)
        powers.append(np.trapz(psd, f))
    return [len(rr), rr.mean(), rr.std(ddof=1), np.sqrt(np.mean(d ** 2)), 100 * np.mean(np.abs(d) > 50), *powers]


series = {
    "calm": simulate(1, 5, 900, 30, 20, 5),
    "fast": simulate(2, 5, 480, 8, 4, 3),
    "gaps": drop(simulate(3, 5, 800, 25, 35, 12), 40),
    "noisy": simulate(4, 8, 1050, 10, 10, 60),
}
with open(OUT + "hrv-series.csv", "w", newline="") as f:
    w = csv.writer(f, lineterminator="\n")
    w.writerow(["series", "end_seconds", "interval_ms"])
    for number, beats in enumerate(series.values()):
        w.writerows([number, repr(t), rr] for t, rr in beats)
with open(OUT + "hrv-expected.csv", "w", newline="") as f:
    w = csv.writer(f, lineterminator="\n")
    w.writerow(["series", "intervals", "mean_ms", "sdnn_ms", "rmssd_ms", "pnn50", "lf_ms2", "hf_ms2"])
    for number, beats in enumerate(series.values()):
        w.writerow([number] + [repr(float(x)) for x in measures(beats)])

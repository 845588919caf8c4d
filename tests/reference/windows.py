"""Reference values for the sliding windows: numpy on a long irregular series.

Writes values/windows-series.csv (event time in ms, value in steps, expected interval in ms) and
values/windows-expected.csv (row of the series after which the window is read, window in ms, statistics).
Each window is cut out of the series afresh: nothing here slides.
"""
import pathlib

import numpy as np

OUT = pathlib.Path(__file__).parent / "values"
WINDOWS = (30_000, 120_000, 600_000)
LOWEST, RESOLUTION = 0.0, 0.1  # heart rate: steps of 0.1/min from 0 on


def series(rng):
    """Six days in phases: dense, jittered, sparse, bursts, repeated times, gaps, hours of silence."""
    t = 1_700_000_000_123
    level = 80.0
    rows = []

    def put(step, interval):
        nonlocal t, level
        t += int(step)
        level = float(np.clip(level + rng.normal(0, 0.6), 30, 220))
        value = float(np.clip(level + rng.normal(0, 2), 0, 350))
        rows.append((t, int(round(value * 10)), interval))

    for day in range(6):
        for _ in range(500):
            put(1_000, 1_000)
        for _ in range(300):
            put(max(1, rng.normal(1_000, 250)), 1_000)
        for _ in range(120):
            put(rng.choice([1_000, 2_000, 5_000, 45_000], p=[0.6, 0.2, 0.15, 0.05]), 1_000)
        for _ in range(80):
            put(rng.integers(5_000, 16_000), 10_000)
        for _ in range(150):
            put(rng.choice([0, 0, 1, 250, 500]), 500)
        for _ in range(40):
            put(rng.integers(60_000, 400_000), 300_000)
        put(rng.integers(3, 14) * 3_600_000, 1_000)
    return rows


def missing_share(times, intervals, at, window):
    """Marks every covered millisecond of (at - window, at] in an array; millisecond m stands for [m, m + 1)."""
    start = times[at] - window
    covered = np.zeros(window, dtype=bool)
    for t, interval in zip(times[: at + 1], intervals[: at + 1]):
        end = t + interval + interval // 2
        if end > start and t < start + window:
            covered[max(0, t - start): max(0, min(window, end - start))] = True
    return 1.0 - covered.sum() / window


def main():
    rng = np.random.default_rng(20090101)
    rows = series(rng)
    times = np.array([r[0] for r in rows], dtype=np.int64)
    values = LOWEST + RESOLUTION * np.array([r[1] for r in rows], dtype=np.float64)
    intervals = np.array([r[2] for r in rows], dtype=np.int64)
    with open(OUT / "windows-series.csv", "w", encoding="ascii") as out:
        out.write("timeMs,steps,intervalMs\n")
        out.writelines(f"{t},{v},{i}\n" for t, v, i in rows)

    points = sorted(set([0, 1, 2, 3, len(rows) - 1]) | set(rng.choice(len(rows), 400, replace=False).tolist()))
    with open(OUT / "windows-expected.csv", "w", encoding="ascii") as out:
        out.write("row,windowMs,count,mean,sd,min,max,slopePerMinute,missingShare\n")
        for at in points:
            for window in WINDOWS:
                # Rows with the time of this one that follow in the series have not arrived yet.
                inside = np.flatnonzero(times[: at + 1] > times[at] - window)
                x, t = values[inside], times[inside]
                sd = np.std(x, ddof=1) if len(x) > 1 else float("nan")
                slope = float("nan")
                if len(np.unique(t)) > 1:
                    minutes = (t - t.mean()) / 60_000.0
                    slope = np.linalg.lstsq(np.column_stack([np.ones_like(minutes), minutes]), x - x.mean(), rcond=None)[0][1]
                share = missing_share(times, intervals, at, window)
                numbers = (x.mean(), sd, x.min(), x.max(), slope, share)
                out.write(f"{at},{window},{len(x)}," + ",".join(repr(float(n)) for n in numbers) + "\n")


if __name__ == "__main__":
    main()

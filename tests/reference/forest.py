"""Reference values for the isolation forest: scikit-learn.

Writes, for the scores of the same forest,
  values/forest.model        a forest that scikit-learn grew, in the file format of IsolationForest.Save
  values/forest-points.csv   points and scikit-learn's scores of them (-score_samples)
and, for the quality of forests grown here and there,
  values/auc-*.csv           labelled points (label 1 is an anomaly)
  values/auc.csv             mean area under the ROC curve over 20 seeds, forests of 100 trees of 256
"""
import hashlib
import pathlib
import struct

import numpy as np
from sklearn.ensemble import IsolationForest
from sklearn.metrics import roc_auc_score

OUT = pathlib.Path(__file__).parent / "values"
SEEDS = 20


def varint(n):
    out = bytearray()
    while n >= 0x80:
        out.append(n & 0x7F | 0x80)
        n >>= 7
    out.append(n)
    return bytes(out)


def text(s):
    data = s.encode()
    return varint(len(data)) + data


def below(threshold):
    """The largest float32 not above a float64: for a float32 x, x <= threshold and x <= below(threshold) are the same question."""
    single = np.float32(threshold)
    return single if float(single) <= threshold else np.nextafter(single, np.float32(-np.inf))


def tree_bytes(estimator, columns):
    """Nodes level by level, so that the children of the k-th inner node are nodes 2k + 1 and 2k + 2."""
    tree = estimator.tree_
    nodes, out = [0], bytearray()
    for node in nodes:
        if tree.children_left[node] < 0:
            out += varint(0) + varint(int(tree.n_node_samples[node]))
        else:
            out += varint(int(columns[tree.feature[node]]) + 1) + struct.pack("<f", below(tree.threshold[node]))
            nodes += [int(tree.children_left[node]), int(tree.children_right[node])]
    return varint(len(nodes)) + bytes(out)


def export(forest, training):
    out = bytearray(b"PAforst1")
    out += text("reference") + varint(int(forest.max_samples_)) + struct.pack("<dd", 0.5, 0.6)
    out += varint(training.shape[1])
    for i, median in enumerate(np.median(training, axis=0)):
        out += text(f"f{i}") + struct.pack("<f", np.float32(median))
    out += varint(len(forest.estimators_))
    for estimator, columns in zip(forest.estimators_, forest.estimators_features_):
        out += tree_bytes(estimator, columns)
    return bytes(out) + hashlib.sha256(out).digest()


def write_points(name, header, x, last):
    with open(OUT / name, "w", encoding="ascii") as out:
        out.write(header + "\n")
        for row, end in zip(x, last):
            out.write(",".join(f"{v:.9g}" for v in row) + "," + end + "\n")


def same_forest(rng):
    training = np.round(np.vstack([rng.normal(0, 1, (1500, 8)), rng.normal(3, 0.5, (500, 8))]), 2).astype(np.float32)
    forest = IsolationForest(n_estimators=100, max_samples=256, random_state=7).fit(training)
    points = np.vstack([training[:150], rng.normal(0, 3, (200, 8)), rng.uniform(-9, 9, (50, 8))]).astype(np.float32)
    # Points exactly on thresholds, where <= and < part.
    for i, estimator in enumerate(forest.estimators_):
        point = training[i].copy()
        point[estimator.tree_.feature[0]] = below(estimator.tree_.threshold[0])
        points = np.vstack([points, point])
    (OUT / "forest.model").write_bytes(export(forest, training))
    write_points("forest-points.csv", ",".join(f"f{i}" for i in range(8)) + ",score", points, [repr(float(s)) for s in -forest.score_samples(points)])


def blobs(rng):
    normal = np.vstack([rng.normal((-2, 0), 0.6, (475, 2)), rng.normal((2, 1), 0.9, (475, 2))])
    return np.vstack([normal, rng.uniform(-6, 6, (50, 2))]), np.r_[np.zeros(950), np.ones(50)]


def ring(rng):
    angle, radius = rng.uniform(0, 2 * np.pi, 760), rng.normal(4, 0.4, 760)
    normal = np.column_stack([radius * np.cos(angle), radius * np.sin(angle), rng.normal(0, 1, 760)])
    return np.vstack([normal, rng.normal(0, 3.5, (40, 3))]), np.r_[np.zeros(760), np.ones(40)]


def vitals(rng):
    """24 correlated features from 6 hidden ones; an anomaly shifts two or three of the hidden ones."""
    mix = rng.normal(0, 1, (6, 24))
    hidden = rng.normal(0, 1, (1000, 6))
    labels = np.r_[np.zeros(940), np.ones(60)]
    for row in hidden[940:]:
        hit = rng.choice(6, rng.integers(2, 4), replace=False)
        row[hit] += rng.choice([-1, 1], len(hit)) * rng.uniform(1.5, 4, len(hit))
    return hidden @ mix + rng.normal(0, 0.8, (1000, 24)), labels


def quality(rng):
    rows = []
    for name, make in (("blobs", blobs), ("ring", ring), ("vitals", vitals)):
        x, labels = make(rng)
        x = np.round(x, 3).astype(np.float32)
        write_points(f"auc-{name}.csv", ",".join(f"f{i}" for i in range(x.shape[1])) + ",label", x, [str(int(l)) for l in labels])
        areas = [
            roc_auc_score(labels, -IsolationForest(n_estimators=100, max_samples=256, random_state=seed).fit(x).score_samples(x))
            for seed in range(SEEDS)
        ]
        rows.append(f"{name},{np.mean(areas)!r},{np.std(areas, ddof=1)!r}\n")
    with open(OUT / "auc.csv", "w", encoding="ascii") as out:
        out.write("set,meanAuc,sdOverSeeds\n")
        out.writelines(rows)
    print("".join(rows), end="")


if __name__ == "__main__":
    same_forest(np.random.default_rng(2008))
    quality(np.random.default_rng(2012))

"""Reference values for the Kalman filter: statsmodels' local level model on the Nile data and on a made series.

Writes values/kalman-nile.csv and values/kalman-walk.csv (reading, filtered level, its variance, innovation, its variance) and
values/kalman-nile-fit.csv (variances at the maximum of the diffuse likelihood, and that likelihood without the first reading's part).
The first reading is predicted as level 0 with variance 1e7, as in Durbin and Koopman's example.
"""
import pathlib

import numpy as np
import statsmodels.api as sm

OUT = pathlib.Path(__file__).parent / "values"


def model(y):
    return sm.tsa.UnobservedComponents(y, level="local level", use_exact_diffuse=False)


def write(name, y, measurement, process):
    m = model(y)
    m.ssm.initialize_known(np.array([0.0]), np.array([[1e7]]))
    m.loglikelihood_burn = 0
    m.ssm.tolerance = 0  # no switch to the steady state
    result = m.filter([measurement, process])
    f = result.filter_results
    with open(OUT / name, "w", encoding="ascii") as out:
        out.write(f"# measurement variance {measurement}, process variance {process}\n")
        out.write("value,level,variance,innovation,innovationVariance\n")
        for t in range(len(y)):
            numbers = (y[t], f.filtered_state[0, t], f.filtered_state_cov[0, 0, t], f.forecasts_error[0, t], f.forecasts_error_cov[0, 0, t])
            out.write(",".join(repr(float(n)) for n in numbers) + "\n")


def main():
    nile = sm.datasets.nile.load_pandas().data["volume"].to_numpy(dtype=float)
    write("kalman-nile.csv", nile, 15099.0, 1469.1)
    rng = np.random.default_rng(1986)
    walk = 80 + np.cumsum(rng.normal(0, 0.5, 500)) + rng.normal(0, 2, 500)
    write("kalman-walk.csv", walk, 4.0, 0.25)

    exact = sm.tsa.UnobservedComponents(nile, level="local level", use_exact_diffuse=True)
    fit = exact.fit(method="bfgs", maxiter=500, gtol=1e-10, disp=False)
    measurement, process = fit.params
    likelihood = float(fit.llf_obs[1:].sum())
    with open(OUT / "kalman-nile-fit.csv", "w", encoding="ascii") as out:
        out.write("measurementVariance,processVariance,logLikelihood\n")
        out.write(f"{measurement!r},{process!r},{likelihood!r}\n")
    print("Nile:", measurement, process, likelihood)


if __name__ == "__main__":
    main()

namespace PhysioActors.Seed.Clinical;

/// <summary>Logistic regression with a ridge, fitted by Newton's method (iteratively reweighted least squares; Hastie, Tibshirani, Friedman 2009, The Elements of Statistical Learning, 4.4.1).</summary>
internal static class LogisticRegression
{
    private const int MostSteps = 12;
    private const double Converged = 1e-4;

    /// <summary>Fits weights.</summary>
    /// <param name="rows">Features, the first of them 1.</param>
    /// <param name="ridge">How strongly weights are drawn to 0.</param>
    public static double[] Fit(IReadOnlyList<LabelledRow> rows, double ridge)
    {
        int n = rows[0].Features.Length;
        var weights = new double[n];
        for (int step = 0; step < MostSteps; step++)
        {
            var hessian = new double[n, n];
            var gradient = new double[n];
            foreach (LabelledRow row in rows)
                Accumulate(row, weights, hessian, gradient);
            for (int i = 0; i < n; i++)
            {
                hessian[i, i] += ridge;
                gradient[i] -= ridge * weights[i];
                for (int j = 0; j < i; j++)
                    hessian[j, i] = hessian[i, j];
            }

            double[] change = Solve(hessian, gradient);
            for (int i = 0; i < n; i++)
                weights[i] += change[i];
            if (change.Max(Math.Abs) < Converged)
                break;
        }

        return weights;
    }

    private static void Accumulate(in LabelledRow row, double[] weights, double[,] hessian, double[] gradient)
    {
        double[] x = row.Features;
        double odds = 0;
        for (int i = 0; i < x.Length; i++)
            odds += weights[i] * x[i];
        double p = 1 / (1 + Math.Exp(-odds));
        double curvature = row.Weight * Math.Max(1e-6, p * (1 - p)), error = row.Weight * ((row.IsTrue ? 1 : 0) - p);
        for (int i = 0; i < x.Length; i++)
        {
            if (x[i] == 0)
                continue;
            gradient[i] += error * x[i];
            double scaled = curvature * x[i];
            for (int j = 0; j <= i; j++)
                hessian[i, j] += scaled * x[j];
        }
    }

    private static double[] Solve(double[,] a, double[] b)
    {
        int n = b.Length;
        for (int column = 0; column < n; column++)
        {
            int pivot = column;
            for (int row = column + 1; row < n; row++)
                pivot = Math.Abs(a[row, column]) > Math.Abs(a[pivot, column]) ? row : pivot;
            for (int k = 0; pivot != column && k < n; k++)
                (a[column, k], a[pivot, k]) = (a[pivot, k], a[column, k]);
            (b[column], b[pivot]) = (b[pivot], b[column]);
            for (int row = column + 1; row < n; row++)
            {
                double factor = a[row, column] / a[column, column];
                for (int k = column; k < n; k++)
                    a[row, k] -= factor * a[column, k];
                b[row] -= factor * b[column];
            }
        }

        for (int row = n - 1; row >= 0; row--)
        {
            for (int k = row + 1; k < n; k++)
                b[row] -= a[row, k] * b[k];
            b[row] /= a[row, row];
        }

        return b;
    }
}

/// <summary>Features with what they belong to.</summary>
/// <param name="Features">The features.</param>
/// <param name="IsTrue">The known answer.</param>
/// <param name="Weight">How much the row counts.</param>
internal readonly record struct LabelledRow(double[] Features, bool IsTrue, double Weight = 1);

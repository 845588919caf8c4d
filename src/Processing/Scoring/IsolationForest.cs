using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PhysioActors.Processing.Scoring;

/// <summary>
/// An isolation forest (Liu, Ting, Zhou: Isolation Forest, ICDM 2008). Score 2^(-E(h)/c(psi)), h the depth at which a point is alone in a tree, plus c(n) where a leaf holds n points.
/// Immutable; one instance serves all threads.
/// </summary>
/// <remarks>
/// A node takes 8 bytes, siblings lie side by side, and a leaf is its own left child: descent takes the same number of steps for every point and needs no branch, and four trees are
/// walked at once, so that one waits for memory while others go on. Path lengths are added tree by tree in a fixed order, so that the score does not depend on the machine's width.
/// </remarks>
public sealed partial class IsolationForest
{
    /// <summary>Most features of a model.</summary>
    public const int MaximumFeatures = 256;

    /// <summary>Most trees of a model.</summary>
    public const int MaximumTrees = 1000;

    /// <summary>Most rows that a tree is grown from.</summary>
    public const int MaximumSampleSize = 4096;

    private const int Interleaved = 4;

    private readonly string[] _featureNames;
    private readonly float[] _medians;
    private readonly ForestNode[] _nodes;
    private readonly int[] _roots;
    private readonly int[] _depths; // Of each tree, the longest way down.
    private readonly int[] _leafSizes; // By node; 0 where it is no leaf.
    private readonly double[] _pathLengths; // By node; only leaves' are read.
    private readonly double _scale;

    private IsolationForest(string name, string[] featureNames, float[] medians, int sampleSize, ForestNode[] nodes, int[] roots, int[] leafSizes)
    {
        Name = name;
        _featureNames = featureNames;
        _medians = medians;
        SampleSize = sampleSize;
        _nodes = nodes;
        _roots = roots;
        _leafSizes = leafSizes;
        _depths = new int[roots.Length];
        _pathLengths = new double[nodes.Length];
        _scale = -1.0 / (roots.Length * AveragePathLength(sampleSize));
        Measure();
    }

    /// <summary>The model's name.</summary>
    public string Name { get; }

    /// <summary>Name and hash of the content: two models with the same version are the same.</summary>
    public string Version { get; private set; } = "";

    /// <summary>Rows that each tree was grown from (psi).</summary>
    public int SampleSize { get; }

    /// <summary>Number of trees.</summary>
    public int TreeCount => _roots.Length;

    /// <summary>No patient's threshold goes below this score.</summary>
    public double Floor { get; private set; }

    /// <summary>No patient's threshold goes above this score: the 99.9th percentile of training unless trained otherwise.</summary>
    public double Ceiling { get; private set; }

    /// <summary>The features' names in their order.</summary>
    public IReadOnlyList<string> FeatureNames => _featureNames;

    /// <summary>Medians of the training rows, which stand in for absent features.</summary>
    public ReadOnlySpan<float> Medians => _medians;

    /// <summary>
    /// The average depth of an unsuccessful search in a binary search tree of <paramref name="n"/> points: 2 H(n - 1) - 2 (n - 1) / n with H(i) = ln i + Euler's constant,
    /// 0 for one point, 1 for two.
    /// </summary>
    public static double AveragePathLength(int n) => n switch
    {
        <= 1 => 0,
        2 => 1,
        _ => (2 * (Math.Log(n - 1.0) + EulerGamma)) - (2 * (n - 1.0) / n),
    };

    private const double EulerGamma = 0.57721566490153286;

    /// <summary>Scores a point: near 1 is an anomaly, well below 0.5 is normal.</summary>
    /// <param name="features">One value per feature; NaN where absent, replaced by the training median.</param>
    /// <exception cref="ArgumentException">The number of features is not the model's.</exception>
    [SkipLocalsInit]
    public double Score(ReadOnlySpan<float> features)
    {
        if (features.Length != _medians.Length)
            ThrowFeatureCount(features.Length);
        Span<float> point = stackalloc float[features.Length];
        Fill(features, point);
        return ScoreFilled(point);
    }

    /// <summary>
    /// By how much each feature makes the point stand out: the share of the score's excess (over the score of a point with all features at their medians) that is lost when the feature
    /// alone is put to its median. 0 for absent features, and for all when there is no excess.
    /// </summary>
    /// <param name="features">One value per feature; NaN where absent.</param>
    /// <param name="into">Where the shares go, each 0 to 1; they need not add up to 1, as features act together.</param>
    /// <exception cref="ArgumentException">The number of features is not the model's.</exception>
    public void Contributions(ReadOnlySpan<float> features, Span<double> into)
    {
        if (features.Length != _medians.Length)
            ThrowFeatureCount(features.Length);
        if (into.Length != _medians.Length)
            ThrowFeatureCount(into.Length);
        into.Clear();
        Span<float> point = stackalloc float[features.Length];
        Fill(features, point);
        double score = ScoreFilled(point);
        double excess = score - ScoreFilled(_medians);
        if (excess <= 0)
            return;
        for (int i = 0; i < point.Length; i++)
        {
            float value = point[i];
            if (value == _medians[i])
                continue;
            point[i] = _medians[i];
            into[i] = Math.Clamp((score - ScoreFilled(point)) / excess, 0, 1);
            point[i] = value;
        }
    }

    private void Fill(ReadOnlySpan<float> features, Span<float> point)
    {
        for (int i = 0; i < features.Length; i++)
            point[i] = float.IsNaN(features[i]) ? _medians[i] : features[i];
    }

    private double ScoreFilled(ReadOnlySpan<float> point)
    {
        ref ForestNode nodes = ref MemoryMarshal.GetArrayDataReference(_nodes);
        ref float values = ref MemoryMarshal.GetReference(point);
        int[] roots = _roots;
        double sum = 0;
        int tree = 0;
        // Every index below comes from a node that Load or Train checked: features below the count, children inside the tree.
        for (; tree + Interleaved <= roots.Length; tree += Interleaved)
        {
            int a = roots[tree];
            int b = roots[tree + 1];
            int c = roots[tree + 2];
            int d = roots[tree + 3];
            int steps = Math.Max(Math.Max(_depths[tree], _depths[tree + 1]), Math.Max(_depths[tree + 2], _depths[tree + 3]));
            for (; steps > 0; steps--)
            {
                a = Step(ref nodes, ref values, a);
                b = Step(ref nodes, ref values, b);
                c = Step(ref nodes, ref values, c);
                d = Step(ref nodes, ref values, d);
            }

            sum += _pathLengths[a];
            sum += _pathLengths[b];
            sum += _pathLengths[c];
            sum += _pathLengths[d];
        }

        for (; tree < roots.Length; tree++)
        {
            int at = roots[tree];
            for (int steps = _depths[tree]; steps > 0; steps--)
                at = Step(ref nodes, ref values, at);
            sum += _pathLengths[at];
        }

        return Math.Pow(2, sum * _scale);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Step(ref ForestNode nodes, ref float values, int at)
    {
        ref ForestNode node = ref Unsafe.Add(ref nodes, (nint)(uint)at);
        int right = Unsafe.Add(ref values, (nint)node.Feature) > node.Threshold ? 1 : 0;
        return at + node.Left + right;
    }

    /// <summary>Finds depth and path length of each leaf. Children come behind their parents, so that one pass does.</summary>
    private void Measure()
    {
        var depths = new ushort[_nodes.Length];
        for (int tree = 0; tree < _roots.Length; tree++)
        {
            int end = tree + 1 < _roots.Length ? _roots[tree + 1] : _nodes.Length;
            for (int at = _roots[tree]; at < end; at++)
            {
                if (_leafSizes[at] == 0)
                {
                    int left = at + _nodes[at].Left;
                    depths[left] = depths[left + 1] = (ushort)(depths[at] + 1);
                    continue;
                }

                _depths[tree] = Math.Max(_depths[tree], depths[at]);
                _pathLengths[at] = depths[at] + AveragePathLength(_leafSizes[at]);
            }
        }
    }

    [DoesNotReturn]
    private void ThrowFeatureCount(int given) =>
        throw new ArgumentException($"Model {Version} has {_medians.Length} features, {given} were given.");
}

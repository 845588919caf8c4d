namespace PhysioActors.Processing.Scoring;

/// <summary>
/// Grows isolation trees level by level, so that children come behind their parents and siblings side by side. A node is split at a uniformly random threshold of a feature drawn
/// among those that differ within it.
/// </summary>
internal sealed class TreeGrower(float[] values, int features, int heightLimit, Xoshiro256 random)
{
    private readonly List<ForestNode> _nodes = [];
    private readonly List<int> _leafSizes = [];
    private readonly Queue<Part> _parts = new();
    private readonly int[] _candidates = new int[features];

    private readonly record struct Part(int Node, int Start, int Length, int Depth);

    public ForestNode[] Nodes() => [.. _nodes];

    public int[] LeafSizes() => [.. _leafSizes];

    /// <summary>Grows a tree from some rows, whose order it changes, and returns its root.</summary>
    public int Grow(Span<int> rows)
    {
        int root = AddNode();
        _parts.Enqueue(new(root, 0, rows.Length, 0));
        while (_parts.TryDequeue(out Part part))
        {
            Span<int> inside = rows.Slice(part.Start, part.Length);
            if (part.Depth == heightLimit || part.Length == 1 || !TryDraw(inside, out int feature, out float threshold))
            {
                _leafSizes[part.Node] = part.Length;
                continue;
            }

            int left = Divide(inside, feature, threshold);
            int child = AddNode();
            AddNode();
            _nodes[part.Node] = new(threshold, (ushort)feature, checked((ushort)(child - part.Node)));
            _parts.Enqueue(new(child, part.Start, left, part.Depth + 1));
            _parts.Enqueue(new(child + 1, part.Start + left, part.Length - left, part.Depth + 1));
        }

        return root;
    }

    private int AddNode()
    {
        _nodes.Add(ForestNode.Leaf);
        _leafSizes.Add(0);
        return _nodes.Count - 1;
    }

    private bool TryDraw(ReadOnlySpan<int> rows, out int feature, out float threshold)
    {
        for (int i = 0; i < features; i++)
            _candidates[i] = i;
        for (int left = features; left > 0; left--)
        {
            int drawn = random.Below(left);
            feature = _candidates[drawn];
            _candidates[drawn] = _candidates[left - 1];
            (float lowest, float highest) = Range(rows, feature);
            if (lowest == highest)
                continue;
            threshold = (float)(lowest + (random.Unit() * ((double)highest - lowest)));
            if (threshold >= highest)
                threshold = lowest; // Rounded up to the end: at most the lowest goes left then, never all.
            return true;
        }

        (feature, threshold) = (0, 0);
        return false;
    }

    private (float Lowest, float Highest) Range(ReadOnlySpan<int> rows, int feature)
    {
        float lowest = float.PositiveInfinity;
        float highest = float.NegativeInfinity;
        foreach (int row in rows)
        {
            float value = values[(row * features) + feature];
            lowest = Math.Min(lowest, value);
            highest = Math.Max(highest, value);
        }

        return (lowest, highest);
    }

    private int Divide(Span<int> rows, int feature, float threshold)
    {
        int left = 0;
        for (int i = 0; i < rows.Length; i++)
        {
            if (values[(rows[i] * features) + feature] <= threshold)
            {
                (rows[left], rows[i]) = (rows[i], rows[left]);
                left++;
            }
        }

        return left;
    }
}

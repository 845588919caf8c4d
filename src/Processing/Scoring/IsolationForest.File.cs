using System.Security.Cryptography;
using PhysioActors.Shared.Binary;

namespace PhysioActors.Processing.Scoring;

/// <summary>
/// The file: 8 bytes of magic, then the content, then the SHA-256 of both. Content: name, psi, floor, ceiling, features with name and median, trees. A tree is its
/// nodes level by level: feature + 1 and threshold, or 0 and the number of training rows in the leaf; the two children of the k-th inner node are nodes 2k + 1 and 2k + 2.
/// </summary>
public sealed partial class IsolationForest
{
    private const int MaximumNameLength = 64;
    private const int MaximumFileBytes = 64 << 20;

    private static ReadOnlySpan<byte> Magic => "PAforst1"u8; // The digit is the format's version.

    /// <summary>Writes the model.</summary>
    public void Save(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ReadOnlyMemory<byte> content = Content();
        stream.Write(content.Span);
        stream.Write(SHA256.HashData(content.Span));
    }

    /// <summary>Reads a model that <see cref="Save"/> wrote, and checks all of it.</summary>
    /// <exception cref="InvalidDataException">The file is not a model, is of another version, is damaged, or describes no forest; the message says which.</exception>
    public static IsolationForest Load(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        byte[] file = ReadAll(stream);
        if (file.Length < Magic.Length + SHA256.HashSizeInBytes || !file.AsSpan(0, Magic.Length - 1).SequenceEqual(Magic[..^1]))
            throw new InvalidDataException("This is not a model file of PhysioActors: it does not begin as one. Give the file that training wrote.");
        if (file[Magic.Length - 1] != Magic[^1])
            throw new InvalidDataException($"The model file has format '{(char)file[Magic.Length - 1]}', this program reads '{(char)Magic[^1]}'. Train the model again with this program.");
        ReadOnlySpan<byte> content = file.AsSpan(0, file.Length - SHA256.HashSizeInBytes);
        if (!SHA256.HashData(content).AsSpan().SequenceEqual(file.AsSpan(content.Length)))
            throw new InvalidDataException("The model file is damaged: its checksum does not match its content. Copy it again, or train the model again.");

        var reader = new PayloadReader(content[Magic.Length..]);
        try
        {
            return Read(ref reader, content);
        }
        catch (InvalidDataException exception)
        {
            throw new InvalidDataException($"The model file's content is no forest (counted from byte {Magic.Length}): {exception.Message}", exception);
        }
    }

    private ReadOnlyMemory<byte> Content()
    {
        var writer = new PayloadWriter(1 << 16);
        writer.Raw(Magic);
        writer.Text(Name);
        writer.Unsigned((ulong)SampleSize);
        writer.Double(Floor);
        writer.Double(Ceiling);
        writer.Unsigned((ulong)_medians.Length);
        for (int i = 0; i < _medians.Length; i++)
        {
            writer.Text(_featureNames[i]);
            writer.Single(_medians[i]);
        }

        writer.Unsigned((ulong)_roots.Length);
        for (int tree = 0; tree < _roots.Length; tree++)
        {
            int end = tree + 1 < _roots.Length ? _roots[tree + 1] : _nodes.Length;
            writer.Unsigned((ulong)(end - _roots[tree]));
            for (int at = _roots[tree]; at < end; at++)
            {
                if (_leafSizes[at] > 0)
                {
                    writer.Byte(0);
                    writer.Unsigned((ulong)_leafSizes[at]);
                }
                else
                {
                    writer.Unsigned(_nodes[at].Feature + 1UL);
                    writer.Single(_nodes[at].Threshold);
                }
            }
        }

        return writer.WrittenMemory;
    }

    private static IsolationForest Read(ref PayloadReader reader, ReadOnlySpan<byte> content)
    {
        string name = reader.Text();
        int sampleSize = reader.Count(MaximumSampleSize);
        double floor = reader.Double();
        double ceiling = reader.Double();
        if (sampleSize < 2 || !(floor >= 0 && floor <= ceiling && ceiling <= 1))
            throw new InvalidDataException($"psi {sampleSize}, floor {floor} or ceiling {ceiling} is impossible.");
        string[] names = new string[reader.Count(MaximumFeatures)];
        float[] medians = new float[names.Length];
        for (int i = 0; i < names.Length; i++)
        {
            names[i] = reader.Text();
            medians[i] = reader.Single();
            if (!float.IsFinite(medians[i]))
                throw new InvalidDataException($"The median of feature {names[i]} is not finite.");
        }

        int[] roots = new int[reader.Count(MaximumTrees)];
        if (roots.Length == 0 || names.Length == 0)
            throw new InvalidDataException("There is no tree, or no feature.");
        var nodes = new List<ForestNode>();
        var leafSizes = new List<int>();
        for (int tree = 0; tree < roots.Length; tree++)
        {
            roots[tree] = nodes.Count;
            ReadTree(ref reader, nodes, leafSizes, names.Length, sampleSize, tree);
        }

        if (!reader.AtEnd)
            throw new InvalidDataException($"Byte {reader.Position}: something follows the last tree.");
        return new(name, names, medians, sampleSize, [.. nodes], roots, [.. leafSizes]) { Floor = floor, Ceiling = ceiling, Version = VersionOf(name, content) };
    }

    private static void ReadTree(ref PayloadReader reader, List<ForestNode> nodes, List<int> leafSizes, int features, int sampleSize, int tree)
    {
        int root = nodes.Count;
        int count = reader.Count((2 * MaximumSampleSize) - 1);
        int inner = 0;
        int rows = 0;
        for (int at = 0; at < count; at++)
        {
            if (at > 2 * inner)
                throw new InvalidDataException($"Byte {reader.Position}: node {at} of tree {tree} has no parent.");
            int feature = reader.Count(features);
            if (feature == 0)
            {
                int size = reader.Count(sampleSize);
                rows += size;
                if (size == 0)
                    throw new InvalidDataException($"Byte {reader.Position}: a leaf of tree {tree} is empty.");
                nodes.Add(ForestNode.Leaf);
                leafSizes.Add(size);
                continue;
            }

            float threshold = reader.Single();
            if (!float.IsFinite(threshold))
                throw new InvalidDataException($"Byte {reader.Position}: a threshold of tree {tree} is not finite.");
            nodes.Add(new(threshold, (ushort)(feature - 1), (ushort)((2 * inner) + 1 - at)));
            leafSizes.Add(0);
            inner++;
        }

        if (count != (2 * inner) + 1 || rows != sampleSize)
            throw new InvalidDataException($"Byte {reader.Position}: tree {tree} has {count} nodes, {inner} of them inner ones, and {rows} rows in its leaves where there are {sampleSize}: from node {root} on it is no tree.");
    }

    private static string VersionOf(string name, ReadOnlyMemory<byte> content) => VersionOf(name, content.Span);

    private static string VersionOf(string name, ReadOnlySpan<byte> content) => $"{name}-{Convert.ToHexStringLower(SHA256.HashData(content))[..12]}";

    private static byte[] ReadAll(Stream stream)
    {
        using var memory = new MemoryStream();
        byte[] part = new byte[81_920];
        for (int read = stream.Read(part); read > 0; read = stream.Read(part))
        {
            if (memory.Length + read > MaximumFileBytes)
                throw new InvalidDataException($"The model file has more than {MaximumFileBytes >> 20} MiB. Give the file that training wrote.");
            memory.Write(part, 0, read);
        }

        return memory.ToArray();
    }
}

using System.Runtime.InteropServices;

namespace PhysioActors.Processing.Scoring;

/// <summary>A node of a tree, 8 bytes.</summary>
/// <param name="Threshold">A value at most this goes to the left child; +infinity in a leaf.</param>
/// <param name="Feature">The feature that is compared; 0 in a leaf.</param>
/// <param name="Left">How many nodes further on the left child is, the right one being next to it; 0 in a leaf, which so is its own left child.</param>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
internal readonly record struct ForestNode(float Threshold, ushort Feature, ushort Left)
{
    public static ForestNode Leaf => new(float.PositiveInfinity, 0, 0);
}

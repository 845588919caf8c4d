using PhysioActors.Shared.Anomalies;
using PhysioActors.Shared.Binary;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Processing.Patients.Events;

/// <summary>The stored form of an anomaly's contributors.</summary>
internal static class ContributorCodec
{
    private const int Maximum = 16;

    internal static void Encode(PayloadWriter writer, IReadOnlyList<Contributor> contributors)
    {
        writer.Unsigned((ulong)contributors.Count);
        foreach (Contributor contributor in contributors)
        {
            writer.Byte((byte)contributor.Code);
            writer.Text(contributor.Feature);
            writer.Double(contributor.Value);
            writer.Double(contributor.Contribution);
        }
    }

    internal static Contributor[] Decode(ref PayloadReader reader)
    {
        var contributors = new Contributor[reader.Count(Maximum)];
        for (int i = 0; i < contributors.Length; i++)
            contributors[i] = new((SignalCode)reader.Byte(), reader.Text(), reader.Double(), reader.Double());
        return contributors;
    }
}

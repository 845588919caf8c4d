using PhysioActors.Processing.Signals.Ecg;
using PhysioActors.Processing.Signals.Waveforms;
using PhysioActors.Shared.Binary;

namespace PhysioActors.Processing.Patients.Events;

/// <summary>
/// What the fold of a chunk found in the ECG. It follows from the samples, which go with a later snapshot; this stays. When samples are folded again, the same beats must be found again.
/// </summary>
/// <param name="Found">The beats that were found, oldest first, with the first word of their class.</param>
/// <param name="Classified">The beats whose class was decided, oldest first.</param>
public readonly record struct BeatsFound(IReadOnlyList<FoundBeat> Found, IReadOnlyList<FoundBeat> Classified)
{
    // Longest chunk, longest wait and the lookahead, at 300 beats a minute and more.
    private const int MaximumBeats = 4096;
    private const byte SearchBack = 4;

    internal void Encode(PayloadWriter writer)
    {
        Encode(writer, Found);
        Encode(writer, Classified);
    }

    internal static BeatsFound Decode(ref PayloadReader reader) => new(DecodeBeats(ref reader), DecodeBeats(ref reader));

    /// <summary>True when both say the same.</summary>
    public bool SaysTheSame(in BeatsFound other) => Found.SequenceEqual(other.Found) && Classified.SequenceEqual(other.Classified);

    private static void Encode(PayloadWriter writer, IReadOnlyList<FoundBeat> beats)
    {
        writer.Unsigned((ulong)beats.Count);
        long before = 0;
        foreach (FoundBeat beat in beats)
        {
            writer.Signed(beat.TimeMs - before);
            writer.Byte((byte)((byte)beat.Class | (beat.IsSearchBack ? SearchBack : 0)));
            before = beat.TimeMs;
        }
    }

    private static FoundBeat[] DecodeBeats(ref PayloadReader reader)
    {
        var beats = new FoundBeat[reader.Count(MaximumBeats)];
        long before = 0;
        for (int i = 0; i < beats.Length; i++)
        {
            before += reader.Signed();
            byte form = reader.Byte();
            beats[i] = new(before, (BeatClass)(form & (SearchBack - 1)), (form & SearchBack) != 0);
        }

        return beats;
    }
}

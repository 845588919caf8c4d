using PhysioActors.Shared.Observations.Decoding;

namespace PhysioActors.Shared.Observations;

/// <summary>
/// Decodes and judges the observations of a shard. A record is refused as a whole when its envelope is bad or none of its readings and waveforms is good;
/// otherwise bad ones are set apart and the good ones count. The judgement depends on the record alone (its timestamp stands for the clock), so that every reading of the log decides alike.
/// </summary>
/// <remarks>
/// Not thread-safe. Allocates nothing for a record that is accepted, once the memory for samples has grown to the largest message; a refusal allocates its texts. No input makes it throw.
/// </remarks>
public sealed class ObservationDecoder
{
    /// <summary>Most bytes of an observation: 256 KiB.</summary>
    public const int MaximumBytes = RecordPlace.MaximumBytes;

    private readonly byte[] _word = new byte[IdScratchBytes];

    // Room to notice that an unescaped text is longer than an id may be.
    internal const int IdScratchBytes = Patients.IdText.MaximumBytes + 1;

    /// <summary>Decodes a record into reused memory.</summary>
    /// <param name="record">The record; what <paramref name="into"/> holds afterwards points into its key and value.</param>
    /// <param name="partition">The partition that it was read from.</param>
    /// <param name="partitionCount">How many partitions the inbound topic has.</param>
    /// <param name="into">What was said; empty when the record is refused.</param>
    /// <returns>Null when the observation is accepted, else why not.</returns>
    public Refusal? Decode(in InboundRecord record, int partition, int partitionCount, DecodedObservation into)
    {
        ArgumentNullException.ThrowIfNull(into);
        into.Clear();
        Refusal? refusal = RecordPlace.CheckOutside(record);
        if (refusal is null)
        {
            ObservationEnvelope envelope = default;
            refusal = record.Content == RecordContent.Json
                ? JsonObservation.Read(record, into, _word, ref envelope)
                : ProtobufObservation.Read(record, into, ref envelope);
            refusal ??= Judge(record, partition, partitionCount, into, ref envelope);
        }

        if (refusal is not null)
            into.Clear();
        return refusal;
    }

    private static Refusal? Judge(in InboundRecord record, int partition, int partitionCount, DecodedObservation into, ref ObservationEnvelope envelope)
    {
        // A later version may give other forms to the fields, so that their problems would mislead.
        if (envelope.IsUnknownVersion)
            return new(RefusalReason.Unsupported, "v", $"The version is none that this reader knows; it knows 1 to {ObservationEnvelope.NewestVersion}.");
        if (envelope.Problem is not null)
            return envelope.Problem;
        if (envelope.Patient.IsEmpty)
            return new(RefusalReason.Missing, "patient", "The patient is missing: namespace:id, or an id alone in the namespace 'default'.");
        if (RecordPlace.CheckKey(record, envelope.Patient, partition, partitionCount) is { } misplaced)
            return misplaced;
        if (!envelope.HasTime)
            return new(RefusalReason.Missing, "time", $"The time is missing: {InboundTime.Form}.");
        if (InboundTime.Check(into.TimeMs, record.TimestampMs) is { } wrongTime)
            return new(RefusalReason.InvalidTime, "time", wrongTime);
        if (!envelope.HasReadings && !envelope.HasWaveforms)
            return new(RefusalReason.Missing, "readings", "The readings are missing: an array of objects, each with code and value. Nor are there waveforms, which may stand in place of them.");
        envelope.JudgeWaveformTimes(into, record.TimestampMs);
        if (into.ReadingCount == 0 && into.Waveforms.Count == 0)
            return NothingGood(record, ref envelope);

        into.PatientKey = record.Key;
        into.FillReadingTimes();
        into.ContentHash = ContentHasher.Hash(into);
        return null;
    }

    private static Refusal NothingGood(in InboundRecord record, ref ObservationEnvelope envelope)
    {
        if (envelope.ReadingsMet == 0)
            return NoGoodWaveform(record, ref envelope);
        string path = ReadingProblems.Path(envelope.FirstProblemIndex, envelope.FirstReadingProblem.Field);
        string problem = ReadingProblems.Describe(envelope.FirstReadingProblem, envelope.FirstProblemCode, record.Value.Span);
        string which = envelope.ReadingsMet == 1 ? "The only reading is refused" : $"All {envelope.ReadingsMet} readings are refused, the first";
        string others = envelope.WaveformsMet == 0 ? "" : " No waveform is good either.";
        return new(RefusalReason.NoGoodReading, path, $"{which} ({envelope.FirstReadingProblem.Reason.Text()}): {problem}.{others}");
    }

    private static Refusal NoGoodWaveform(in InboundRecord record, ref ObservationEnvelope envelope)
    {
        if (envelope.WaveformsMet == 0)
            return envelope.HasReadings ? new(RefusalReason.NoGoodReading, "readings", "There is no reading.") : new(RefusalReason.NoGoodReading, "waveforms", "There is no waveform.");
        string path = WaveformProblems.Path(envelope.FirstWaveformIndex, envelope.FirstWaveformProblem.Field);
        string problem = WaveformProblems.Describe(envelope.FirstWaveformProblem, record.Value.Span);
        string which = envelope.WaveformsMet == 1 ? "The only waveform is refused" : $"All {envelope.WaveformsMet} waveforms are refused, the first";
        return new(RefusalReason.NoGoodReading, path, $"{which} ({envelope.FirstWaveformProblem.Reason.Text()}): {problem}.");
    }
}

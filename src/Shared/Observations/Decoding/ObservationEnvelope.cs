using PhysioActors.Shared.Signals;

namespace PhysioActors.Shared.Observations.Decoding;

/// <summary>What is gathered while the fields of an observation are read, in whatever form and order they come.</summary>
internal ref struct ObservationEnvelope
{
    /// <summary>The versions that this reader knows end here.</summary>
    public const int NewestVersion = 1;

    /// <summary>The patient field, checked; empty while it was not found.</summary>
    public ReadOnlySpan<byte> Patient;

    public bool HasTime;
    public bool HasReadings;
    public bool HasWaveforms;
    public bool IsUnknownVersion;

    /// <summary>How many readings were met, good or not.</summary>
    public int ReadingsMet;

    /// <summary>How many waveforms were met, good or not.</summary>
    public int WaveformsMet;

    /// <summary>The first problem of the envelope.</summary>
    public Refusal? Problem;

    /// <summary>The first problem of a reading, with its place.</summary>
    public ReadingProblem FirstReadingProblem;
    public int FirstProblemIndex;
    public SignalCode FirstProblemCode;

    /// <summary>The first problem of a waveform, with its place.</summary>
    public WaveformProblem FirstWaveformProblem;
    public int FirstWaveformIndex;

    // A bit for each waveform of the message that is good so far.
    private uint _goodWaveforms;

    /// <summary>Keeps a problem unless there is one already.</summary>
    public void Note(RefusalReason reason, string field, string detail) => Problem ??= new(reason, field, detail);

    /// <summary>Judges a reading and adds it to the observation.</summary>
    public void Add(in ReadingFields fields, DecodedObservation into)
    {
        int index = ReadingsMet++;
        ReadingProblem problem = fields.Judge(out Reading reading);
        if (problem.Reason == RefusalReason.None)
        {
            if (!into.TryAdd(reading))
                NoteTooMany();
            return;
        }

        if (FirstReadingProblem.Reason == RefusalReason.None)
        {
            FirstReadingProblem = problem;
            FirstProblemIndex = index;
            FirstProblemCode = fields.Code;
        }

        if (!into.TryAdd(new RefusedReading(fields.Code, problem.Reason)))
            NoteTooMany();
    }

    /// <summary>Judges a waveform, but for its time, and adds it to the observation.</summary>
    public void Add(ref WaveformFields fields, DecodedObservation into)
    {
        int index = WaveformsMet++;
        WaveformProblem problem = fields.Judge(out WaveformChunk chunk);
        bool isGood = problem.Reason == RefusalReason.None;
        if (!isGood)
            NoteWaveform(problem, index);
        if (!(isGood ? into.TryAdd(chunk) : into.TryAdd(new RefusedWaveform(fields.Signal, problem.Reason))))
            Note(RefusalReason.TooMany, "waveforms", $"There are more than {DecodedObservation.MaximumWaveforms} waveforms. Send several messages.");
        else if (isGood)
            _goodWaveforms |= 1u << index;
    }

    /// <summary>
    /// Gives the observation's time to the waveforms that have none of their own, and refuses those that end too far ahead of the record's Kafka timestamp.
    /// Only when all fields are read: the observation's time may stand behind them.
    /// </summary>
    public void JudgeWaveformTimes(DecodedObservation into, long timestampMs)
    {
        for (int i = 0; i < into.Waveforms.Count;)
        {
            int index = System.Numerics.BitOperations.TrailingZeroCount(_goodWaveforms);
            _goodWaveforms &= _goodWaveforms - 1;
            if (into.Waveforms[i].TimeMs == WaveformFields.ObservationTime)
                into.SetWaveformTime(i, into.TimeMs);
            if (InboundTime.IsValid(WaveformBounds.EndMs(into.Waveforms[i]), timestampMs))
            {
                i++;
                continue;
            }

            into.RefuseWaveform(i, RefusalReason.InvalidTime);
            NoteWaveform(new(RefusalReason.InvalidTime, WaveformField.Time), index);
        }
    }

    private void NoteWaveform(in WaveformProblem problem, int index)
    {
        if (FirstWaveformProblem.Reason == RefusalReason.None || index < FirstWaveformIndex)
            (FirstWaveformProblem, FirstWaveformIndex) = (problem, index);
    }

    private void NoteTooMany() =>
        Note(RefusalReason.TooMany, "readings", $"There are more than {DecodedObservation.MaximumReadings} readings. Send several messages.");
}

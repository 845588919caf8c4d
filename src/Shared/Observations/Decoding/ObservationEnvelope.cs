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
    public bool IsUnknownVersion;

    /// <summary>How many readings were met, good or not.</summary>
    public int ReadingsMet;

    /// <summary>The first problem of the envelope.</summary>
    public Refusal? Problem;

    /// <summary>The first problem of a reading, with its place.</summary>
    public ReadingProblem FirstReadingProblem;
    public int FirstProblemIndex;
    public SignalCode FirstProblemCode;

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

    private void NoteTooMany() =>
        Note(RefusalReason.TooMany, "readings", $"There are more than {DecodedObservation.MaximumReadings} readings. Send several messages.");
}

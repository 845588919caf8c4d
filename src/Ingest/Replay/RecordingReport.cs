namespace PhysioActors.Ingest.Replay;

/// <summary>Something in a recording's file that could not be used.</summary>
/// <param name="File">The file.</param>
/// <param name="Line">The line, from 1; 0 when it is about the file as a whole.</param>
/// <param name="Problem">What is wrong with it.</param>
public readonly record struct RecordingProblem(string File, long Line, string Problem)
{
    /// <inheritdoc/>
    public override string ToString() => Line > 0 ? $"{File}, line {Line}: {Problem}" : $"{File}: {Problem}";
}

/// <summary>Tracks that are not sent, for one reason.</summary>
/// <param name="Tracks">How many tracks (signals, columns) of files.</param>
/// <param name="Values">How many values, samples or texts they have.</param>
public readonly record struct UnusedTracks(long Tracks, long Values);

/// <summary>What was found while the recordings of one set were read: every row and every cell that is not sent is counted here.</summary>
public sealed class RecordingReport(string set)
{
    /// <summary>The most values that may be read in one go, about 0.4 GB of memory.</summary>
    public const long MaximumReadings = 50_000_000;

    /// <summary>The most samples of waveforms that may be read in one go, 0.5 GB of memory.</summary>
    public const long MaximumSamples = 250_000_000;

    /// <summary>How many problems are kept with file and line; all are counted.</summary>
    public const int MaximumProblems = 200;

    private readonly SortedDictionary<string, long> _missing = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, long> _noValue = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, UnusedTracks> _unusedSignals = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, long> _irregularities = new(StringComparer.Ordinal);
    private readonly List<RecordingProblem> _problems = [];

    /// <summary>The set.</summary>
    public string Set { get; } = set;

    /// <summary>Rows read, usable or not.</summary>
    public long Rows { get; private set; }

    /// <summary>Rows that were well formed but had no value to send.</summary>
    public long RowsWithoutValue { get; private set; }

    /// <summary>Rows that could not be read, and are not sent.</summary>
    public long MalformedRows { get; private set; }

    /// <summary>Files that could not be read, and are not sent.</summary>
    public long MalformedFiles { get; private set; }

    /// <summary>Values to send.</summary>
    public long Readings { get; private set; }

    /// <summary>Empty cells (or NaN, or the format's own code for invalid) by column.</summary>
    public IReadOnlyDictionary<string, long> Missing => _missing;

    /// <summary>Cells with the set's code for 'no value', by column.</summary>
    public IReadOnlyDictionary<string, long> NoValue => _noValue;

    /// <summary>Samples of waveforms to send.</summary>
    public long Samples { get; private set; }

    /// <summary>Samples among them that have no value; they are sent as such.</summary>
    public long MissingSamples { get; private set; }

    /// <summary>Waveforms, numbers and texts that are not sent, by what they are and why.</summary>
    public IReadOnlyDictionary<string, UnusedTracks> UnusedSignals => _unusedSignals;

    /// <summary>What was found in the times of waveforms and values and set right, by what it is: gaps, overlaps, records out of order.</summary>
    public IReadOnlyDictionary<string, long> Irregularities => _irregularities;

    /// <summary>Patients who are left out since a folder before this one has them already.</summary>
    public int RepeatedPatients { get; internal set; }

    /// <summary>The first <see cref="MaximumProblems"/> problems.</summary>
    public IReadOnlyList<RecordingProblem> Problems => _problems;

    internal void CountRow() => Rows++;

    internal void CountRowWithoutValue() => RowsWithoutValue++;

    internal void CountMissing(string column) => _missing[column] = _missing.GetValueOrDefault(column) + 1;

    internal void CountNoValue(string column) => _noValue[column] = _noValue.GetValueOrDefault(column) + 1;

    /// <exception cref="RecordingSourceException">There are more than <see cref="MaximumReadings"/>.</exception>
    internal void CountReadings(int count)
    {
        Readings += count;
        if (Readings > MaximumReadings)
            throw new RecordingSourceException($"The set {Set} has more than {MaximumReadings:N0} values. Replay a folder with fewer recordings at a time.");
    }

    internal void CountUnusedSignal(string nameAndReason, long values)
    {
        string key = Key(_unusedSignals, nameAndReason);
        UnusedTracks before = _unusedSignals.GetValueOrDefault(key);
        _unusedSignals[key] = new(before.Tracks + 1, before.Values + values);
    }

    internal void CountIrregularity(string what, long count)
    {
        string key = Key(_irregularities, what);
        _irregularities[key] = _irregularities.GetValueOrDefault(key) + count;
    }

    /// <exception cref="RecordingSourceException">There are more than <see cref="MaximumSamples"/>.</exception>
    internal void CountSamples(long count, long missing)
    {
        Samples += count;
        MissingSamples += missing;
        if (Samples > MaximumSamples)
            throw new RecordingSourceException($"The set {Set} has more than {MaximumSamples:N0} samples. Replay a folder with fewer recordings at a time, or single records.");
    }

    internal void CountMalformedRow(string file, long line, string problem)
    {
        MalformedRows++;
        Keep(new RecordingProblem(file, line, problem));
    }

    internal void CountMalformedFile(string file, string problem)
    {
        MalformedFiles++;
        Keep(new RecordingProblem(file, 0, problem));
    }

    // Names come from files: a bound on how many are told apart.
    private static string Key<T>(SortedDictionary<string, T> counts, string name) => counts.Count < MaximumProblems || counts.ContainsKey(name) ? name : "others";

    private void Keep(RecordingProblem problem)
    {
        if (_problems.Count < MaximumProblems)
            _problems.Add(problem);
    }
}

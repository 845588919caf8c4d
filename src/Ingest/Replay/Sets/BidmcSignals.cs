using PhysioActors.Ingest.Waveforms;
using PhysioActors.Shared.Observations;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Ingest.Replay.Sets;

/// <summary>The waveforms of a BIDMC recording, <c>bidmc_NN_Signals.csv</c>: time and a column for each signal, at 125 Hz. They are turned into steps again.</summary>
internal static class BidmcSignals
{
    private const double Hertz = 125;

    /// <summary>Reads the waveforms; null when no signal is known.</summary>
    /// <exception cref="InvalidDataException">It is no such table; the message says what, for the report.</exception>
    public static WaveformRecording? Read(string file, RecordingIdentity identity, RecordingReport report)
    {
        using NumericTable table = new(file, ',', "Time [s]");
        int time = table.Column("Time [s]");
        List<(int Column, WaveformSignal Signal, float Gain, List<short> Samples)> columns = [];
        List<string> unused = [];
        foreach ((string name, int column) in table.Header.Select((name, column) => (name, column)))
        {
            WaveformSignal signal = WaveformNames.Find(name);
            if (column == time)
                continue;
            if (signal == WaveformSignal.None || columns.Exists(known => known.Signal == signal))
                unused.Add($"{name} ({(signal == WaveformSignal.None ? "unknown name" : "there twice")})");
            else
                columns.Add((column, signal, GainOf(signal), []));
        }

        int row = 0;
        for (; table.Next(); row++)
        {
            // The times have five digits, so that those behind 100 s are off by up to 0.6 of a sample.
            string? problem = table.RowProblem;
            if (problem is null && (table.Number(time, out double seconds) != CellKind.Number || Math.Abs((seconds * Hertz) - row) > 1))
                throw new InvalidDataException($"the time in line {table.LineNumber} is not that of sample {row} at {Hertz} Hz");
            if (problem is not null)
                report.CountMalformedRow(file, table.LineNumber, problem);
            foreach ((int column, _, float gain, List<short> samples) in columns)
                samples.Add(problem is null ? Step(table, column, gain) : WaveformSignals.Missing);
        }

        foreach (string name in unused)
            report.CountUnusedSignal(name, row);
        if (columns.Count == 0 || columns[0].Samples.Count == 0)
            return null;
        report.CountSamples((long)columns.Count * columns[0].Samples.Count, columns.Sum(column => column.Samples.Count(sample => sample == WaveformSignals.Missing)));
        WaveformBounds.TryRate(Hertz, out int rate);
        return new WaveformRecording(identity, rate, columns.ConvertAll(column => new WaveformChannel(column.Signal, column.Gain, 0, column.Samples.ToArray())));
    }

    private static short Step(NumericTable table, int column, float gain) =>
        table.Number(column, out double value) == CellKind.Number && Math.Round(value * gain) is > short.MinValue and <= short.MaxValue and var step ? (short)step : WaveformSignals.Missing;

    // ECG in µV; relative signals lie in 0 to 1; pressures in hundredths. Each is finer than the recorder's own 10 to 12 bits.
    private static float GainOf(WaveformSignal signal) => WaveformSignals.Get(signal).Unit switch
    {
        "mV" => 1_000,
        "1" => 10_000,
        _ => 100,
    };
}

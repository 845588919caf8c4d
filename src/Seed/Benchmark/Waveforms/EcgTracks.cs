using PhysioActors.Ingest.Simulation;
using PhysioActors.Ingest.Waveforms.Wfdb;
using PhysioActors.Seed.Clinical;
using PhysioActors.Shared.Observations;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Seed.Benchmark.Waveforms;

/// <summary>
/// The samples that a benchmark's patients send: a few lines of samples that many patients share, each from a place of its own. Any stretch can be made by itself. Behind the end of a line its beginning follows.
/// </summary>
internal sealed class EcgTracks
{
    private const int MostSimulated = 32;
    private const double ApartSeconds = 0.37;

    private static readonly DateTimeOffset s_start = new(2026, 1, 1, 8, 0, 0, TimeSpan.Zero);

    private readonly short[][] _tracks;
    private readonly int _apart;

    private EcgTracks(short[][] tracks, int apart, int rateMilliHz, float gain, int baseline)
    {
        (_tracks, _apart) = (tracks, apart);
        (RateMilliHz, Gain, Baseline) = (rateMilliHz, gain, baseline);
    }

    /// <summary>Samples in a thousand seconds.</summary>
    public int RateMilliHz { get; }

    /// <summary>Steps in a millivolt.</summary>
    public float Gain { get; }

    /// <summary>The step that stands for zero.</summary>
    public int Baseline { get; }

    /// <summary>Lead II of simulated patients without episodes and artefacts, at 250 Hz: 32 of them at most, the others send what one of those did a little later.</summary>
    /// <param name="patients">How many patients there are.</param>
    /// <param name="seconds">How long each sends.</param>
    /// <param name="seed">Everything random follows from it.</param>
    public static EcgTracks Simulated(int patients, double seconds, ulong seed)
    {
        int count = Math.Min(patients, MostSimulated);
        double longest = seconds + (((patients / count) + 1) * ApartSeconds) + 2;
        var ward = new WardSimulator(count, TimeSpan.FromSeconds(longest), seed, s_start, TimeSpan.FromSeconds(1), SimulationSettings.Normal with { Ecg = true });
        var places = Enumerable.Range(0, count).ToDictionary(ward.PatientId);
        var samples = new List<short>[count];
        for (int i = 0; i < count; i++)
            samples[i] = [];
        WaveformChunk form = default;
        foreach (ObservationDraft draft in ward.Observations())
        {
            foreach (WaveformChunk chunk in draft.Waveforms)
            {
                form = chunk;
                samples[places[draft.Patient]].AddRange(chunk.Samples.Span);
            }
        }

        return new([.. samples.Select(track => track.ToArray())], (int)(ApartSeconds * form.RateMilliHz / 1000), form.RateMilliHz, form.Gain, form.Baseline);
    }

    /// <summary>The first lead of a WFDB record, which all patients send from places spread over its length.</summary>
    /// <param name="path">The record.</param>
    /// <param name="patients">How many patients there are.</param>
    public static EcgTracks OfRecord(string path, int patients)
    {
        WfdbRecord record = EcgRecords.Read(path);
        int lead = EcgDetection.LeadsOf(record, 1)[0];
        WfdbSignal signal = record.Header.Signals[lead];
        short[] samples = record.Raw(lead).ToArray();
        for (int i = 0; i < samples.Length; i++)
        {
            if (!record.IsValid(lead, i))
                samples[i] = WaveformSignals.Missing;
        }

        return new([samples], Math.Max(1, samples.Length / patients), (int)Math.Round(record.Header.SamplingHz * 1000), (float)signal.Gain, signal.Baseline);
    }

    /// <summary>Writes samples of a patient.</summary>
    /// <param name="patient">The patient, from 0.</param>
    /// <param name="first">Number of the patient's first sample to write.</param>
    /// <param name="samples">Filled.</param>
    public void CopyTo(int patient, long first, Span<short> samples)
    {
        short[] track = _tracks[patient % _tracks.Length];
        int at = (int)((first + ((long)(patient / _tracks.Length) * _apart)) % track.Length);
        while (samples.Length > 0)
        {
            int count = Math.Min(samples.Length, track.Length - at);
            track.AsSpan(at, count).CopyTo(samples);
            samples = samples[count..];
            at = 0;
        }
    }
}

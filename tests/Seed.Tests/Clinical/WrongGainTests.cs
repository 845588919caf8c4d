using PhysioActors.Ingest.Waveforms.Wfdb;
using PhysioActors.Processing.Patients;
using PhysioActors.Shared.Anomalies;
using PhysioActors.Shared.Observations;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Seed.Tests.Clinical;

/// <summary>Recorded ECGs whose gain, or whose times, a gateway tells wrongly, through the patient's actor.</summary>
public sealed class WrongGainTests
{
    private const string Set = "mitdb";
    private const long Start = 1_760_000_000_000;
    private const int Seconds = 300;

    // Sinus rhythm of different sizes, bigeminy, and frequent ventricular beats; in their first five minutes none has a rhythm that is alarmed on as one that kills.
    private static readonly string[] s_records = ["101", "106", "109", "112", "115", "118", "119", "122", "124", "215", "230"];

    [SharedDataFact(Set)]
    public void As_they_are_they_raise_nothing_that_kills() => Assert.All(s_records, record => Assert.Empty(Lethal(Play(record, 1))));

    [SharedDataFact(Set)]
    public void Values_far_too_large_or_too_small_raise_nothing_that_kills_and_most_of_them_a_technical_alarm()
    {
        foreach (double factor in (double[])[1000, 100, 10, 0.01, 0.001])
        {
            int told = 0;
            foreach (string record in s_records)
            {
                List<AnomalyMessage> anomalies = Play(record, factor);
                Assert.True(!Lethal(anomalies).Any(), $"{record} times {factor}: {string.Join(", ", Lethal(anomalies))}");
                told += Convert.ToInt32(anomalies.Exists(anomaly => anomaly.Rule is "ecg-unusable" or "ecg-leads-off"));
            }

            // Ten times a small complex is still one that a heart may have.
            Assert.InRange(told, factor == 10 ? 6 : s_records.Length, s_records.Length);
        }
    }

    [SharedDataFact(Set)]
    public void Times_cut_off_to_seconds_raise_nothing_that_kills()
    {
        foreach (double chunk in (double[])[0.25, 0.8, 2.5])
            Assert.All(s_records, record => Assert.Empty(Lethal(Play(record, 1, chunk))));
    }

    private static IEnumerable<string> Lethal(List<AnomalyMessage> anomalies) =>
        anomalies.Where(anomaly => anomaly.Rule is "asystole" or "ventricular-fibrillation" or "extreme-bradycardia").Select(anomaly => $"{anomaly.Rule} {anomaly.State}");

    /// <summary>Plays the first five minutes of both leads; in chunks of a length, with times of whole seconds, where one is given.</summary>
    private static List<AnomalyMessage> Play(string name, double factor, double? chunk = null)
    {
        WfdbRecord record = WfdbRecord.Read(Path.Combine(SharedDataFactAttribute.Find(Set)!, name));
        int hz = (int)record.Header.SamplingHz, step = (int)((chunk ?? 1) * hz);
        var actor = new PatientActor(ActorConfiguration.Default, null);
        var state = new PatientState("ward:bed-1");
        var anomalies = new List<AnomalyMessage>();
        for (int at = 0, sequence = 0; at + step <= Seconds * hz; at += step, sequence++)
        {
            long timeMs = Start + (at * 1000L / hz), endMs = Start + ((at + step) * 1000L / hz);
            var observation = new DecodedObservation { PatientKey = "ward:bed-1"u8.ToArray(), Device = "monitor"u8.ToArray(), TimeMs = endMs, Sequence = sequence };
            for (int lead = 0; lead < 2; lead++)
            {
                WfdbSignal signal = record.Header.Signals[lead];
                long toldMs = chunk is null ? timeMs : timeMs - (timeMs % 1000);
                observation.TryAdd(new WaveformChunk(
                    lead == 0 ? WaveformSignal.EcgII : WaveformSignal.EcgV1, hz * 1000, (float)(signal.Gain / factor), signal.Baseline, toldMs, record.Raw(lead).Slice(at, step).ToArray()));
            }

            Assert.Equal(Disposition.Folded, actor.Handle(state, observation, endMs));
            anomalies.AddRange(actor.Decision.Anomalies);
        }

        return anomalies;
    }
}

using System.Text;
using PhysioActors.Ingest.Replay;
using PhysioActors.Ingest.Simulation;
using PhysioActors.Ingest.Tests.Support;
using PhysioActors.Shared.Kafka;
using PhysioActors.Shared.Observations;

namespace PhysioActors.Ingest.Tests.Producing;

/// <summary>What is sent is what the engine's decoder accepts.</summary>
public sealed class AcceptanceTests
{
    private const int Partitions = 16;

    [Fact]
    public void Every_simulated_observation_is_accepted_with_all_its_readings()
    {
        SimulationSettings settings = new() { EpisodesPerPatientDay = 12, QuietPeriod = TimeSpan.Zero };
        WardSimulator ward = new(20, TimeSpan.FromHours(24), 4, DateTimeOffset.UnixEpoch.AddYears(50), TimeSpan.FromSeconds(30), settings);
        (long accepted, long refusedReadings, Dictionary<string, long> refused) = Decode(ward.Observations());
        Assert.True(accepted > 50_000);
        Assert.Equal(0, refusedReadings);
        Assert.Empty(refused);
    }

    [SharedDataFact]
    public void Of_the_shared_recordings_only_physically_impossible_values_are_refused()
    {
        RecordingLibrary library = RecordingLibrary.Read(RecordingSource.Find(SharedData.Folder!), waveforms: false);
        ReplayTimeline timeline = new(library.Patients, new TimelineOptions("test") { Now = DateTimeOffset.UnixEpoch.AddYears(50) });
        (long accepted, long refusedReadings, Dictionary<string, long> refused) = Decode(timeline.Observations());
        Assert.Equal(timeline.ObservationCount, accepted + refused.Values.Sum());
        Assert.InRange(refusedReadings, 0, 100);
        Assert.All(refused.Keys, reason => Assert.Equal(nameof(RefusalReason.NoGoodReading), reason));
        Assert.InRange(refused.Values.Sum(), 0, 10);
    }

    [SharedDataFact("mitdb", "cinc2015-alarms", "bidmc")]
    public void Every_chunk_of_the_shared_waveforms_is_accepted_and_has_the_samples_of_the_recording()
    {
        RecordingLibrary library = RecordingLibrary.Read(RecordingSource.Find(SharedData.Folder!));
        List<PatientRecordings> waveforms = [.. library.Patients
            .Select(patient => new PatientRecordings(patient.Patient, [.. patient.Recordings.OfType<WaveformRecording>()])).Where(patient => patient.Recordings.Count > 0)];
        ReplayTimeline timeline = new(waveforms, new TimelineOptions("test") { Now = DateTimeOffset.UnixEpoch.AddYears(50) });
        ObservationWriter writer = new();
        ObservationDecoder decoder = new();
        DecodedObservation decoded = new();
        Dictionary<string, int> firsts = [];
        ILookup<string, WaveformRecording> recordings = waveforms.SelectMany(patient => patient.Recordings).Cast<WaveformRecording>().ToLookup(recording => recording.Identity.Patient);
        long samples = 0;
        foreach (ObservationDraft draft in timeline.Observations())
        {
            byte[] key = Encoding.UTF8.GetBytes(draft.Patient);
            InboundRecord record = new(0, draft.TimeMs, key, writer.WriteProtobuf(draft).ToArray(), RecordType.Observation, RecordContent.Protobuf);
            Assert.Null(decoder.Decode(record, Partitioner.Partition(key, Partitions), Partitions, decoded));
            WaveformRecording recording = Assert.Single(recordings[draft.Patient]);
            Assert.Equal(recording.Channels.Count, decoded.Waveforms.Count);
            int first = firsts.GetValueOrDefault(draft.Patient);
            int count = decoded.Waveforms[0].Samples.Length;
            for (int i = 0; i < decoded.Waveforms.Count; i++)
            {
                Assert.True(decoded.Waveforms[i].Samples.Span.SequenceEqual(recording.Channels[i].Samples.Span.Slice(first, count)));
                Assert.Equal(draft.TimeMs, WaveformBounds.EndMs(decoded.Waveforms[i]));
            }

            firsts[draft.Patient] = first + count;
            samples += (long)count * decoded.Waveforms.Count;
        }

        Assert.Equal(library.Reports.Where(report => report.Set != "vital").Sum(report => report.Samples), samples);
        Assert.All(firsts, patient => Assert.Equal(recordings[patient.Key].Single().Length, patient.Value));
    }

    [SharedDataFact("vital")]
    public void Every_value_and_chunk_of_the_shared_files_of_Vital_Recorder_is_accepted()
    {
        RecordingLibrary library = RecordingLibrary.Read(RecordingSource.Find(SharedData.Set("vital")));
        ReplayTimeline timeline = new(library.Patients, new TimelineOptions("test") { Now = DateTimeOffset.UnixEpoch.AddYears(50) });
        ObservationWriter writer = new();
        ObservationDecoder decoder = new();
        DecodedObservation decoded = new();
        (long readings, long samples) = (0, 0);
        foreach (ObservationDraft draft in timeline.Observations())
        {
            byte[] key = Encoding.UTF8.GetBytes(draft.Patient);
            InboundRecord record = new(0, draft.TimeMs, key, writer.WriteProtobuf(draft).ToArray(), RecordType.Observation, RecordContent.Protobuf);
            Assert.Null(decoder.Decode(record, Partitioner.Partition(key, Partitions), Partitions, decoded));
            Assert.Equal((0, 0), (decoded.RefusedCount, decoded.RefusedWaveforms.Count));
            readings += decoded.ReadingCount;
            samples += decoded.Waveforms.Sum(chunk => chunk.Samples.Length);
        }

        Assert.Equal((library.Reports[0].Readings, library.Reports[0].Samples), (readings, samples));
    }

    private static (long Accepted, long RefusedReadings, Dictionary<string, long> Refused) Decode(IEnumerable<ObservationDraft> observations)
    {
        ObservationWriter writer = new();
        ObservationDecoder decoder = new();
        DecodedObservation decoded = new();
        Dictionary<string, long> refused = [];
        long accepted = 0;
        long refusedReadings = 0;
        foreach (ObservationDraft draft in observations)
        {
            byte[] key = Encoding.UTF8.GetBytes(draft.Patient);
            InboundRecord record = new(accepted, draft.TimeMs, key, writer.WriteJson(draft).ToArray(), RecordType.Observation, RecordContent.Json);
            if (decoder.Decode(record, Partitioner.Partition(key, Partitions), Partitions, decoded) is { } refusal)
            {
                string reason = refusal.Reason.ToString();
                refused[reason] = refused.GetValueOrDefault(reason) + 1;
                continue;
            }

            accepted++;
            refusedReadings += decoded.RefusedCount;
            Assert.Equal(draft.Readings.Count, decoded.ReadingCount + decoded.RefusedCount);
            Assert.Equal(draft.Sequence, decoded.Sequence);
            Assert.Equal(draft.TimeMs, decoded.TimeMs);
        }

        return (accepted, refusedReadings, refused);
    }
}

using PhysioActors.Processing.Patients;
using PhysioActors.Seed.Composition;
using PhysioActors.Shared.Observations;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Seed.Tests.Composition;

public sealed class WaveformReportTests
{
    private const long Start = 1_760_000_000_000;

    [Fact]
    public void Every_waveform_is_told_with_what_it_is_used_for_or_why_not_and_how_its_chunks_fitted()
    {
        var state = new PatientState("ward:bed-1");
        Send(state, 0, Chunk(WaveformSignal.EcgII, 250, 0), Chunk(WaveformSignal.EcgV, 500, 0), Chunk(WaveformSignal.Respiration, 50, 0));
        Send(state, 2, Chunk(WaveformSignal.EcgII, 250, 2));
        Send(state, 3, Chunk(WaveformSignal.EcgII, 250, 3), Chunk(WaveformSignal.EcgII, 250, 1));
        IReadOnlyList<WaveformReport> told = WaveformReport.Of(state);
        Assert.Equal(["ecg-ii first-lead 250", "ecg-v other-rate 500", "resp kept 50"], told.Select(waveform => $"{waveform.Signal} {waveform.Use} {waveform.Rate}"));
        Assert.Equal(new Dictionary<string, long> { ["began"] = 1, ["gap"] = 1, ["late"] = 1 }, told[0].Chunks);
        Assert.Equal(["ecg-ii of monitor: 1 chunks came too late and are lost", "ecg-v of monitor: not looked at: its 500 Hz are not the first lead's", null], told.Select(waveform => waveform.Remark));
    }

    [Fact]
    public void A_patient_without_waveforms_has_none_to_tell() => Assert.Empty(WaveformReport.Of(new PatientState("ward:bed-1")));

    private static WaveformChunk Chunk(WaveformSignal signal, int hz, int second) => new(signal, hz * 1000, 200, 0, Start + (second * 1000), new short[hz]);

    private static void Send(PatientState state, int second, params WaveformChunk[] chunks)
    {
        var observation = new DecodedObservation { PatientKey = "ward:bed-1"u8.ToArray(), Device = "monitor"u8.ToArray(), TimeMs = Start + (second * 1000), Sequence = second };
        foreach (WaveformChunk chunk in chunks)
            observation.TryAdd(chunk);
        Assert.Equal(Disposition.Folded, new PatientActor(ActorConfiguration.Default, null).Handle(state, observation, Start + (second * 1000)));
    }
}

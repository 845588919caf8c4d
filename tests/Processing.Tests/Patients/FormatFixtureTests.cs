using PhysioActors.Processing.Alarms;
using PhysioActors.Processing.Patients;
using PhysioActors.Processing.Tests.Signals.Rhythm;
using PhysioActors.Shared.Binary;
using PhysioActors.Shared.Commands;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Processing.Tests.Patients;

/// <summary>
/// Journals and snapshots as each version wrote them must be read, and folded to the same state, by every later version.
/// <c>PHYSIO_WRITE_FIXTURES=folder</c> writes them anew: only for a new format, under a new name.
/// </summary>
public sealed class FormatFixtureTests
{
    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Fixtures");

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(LogicVersion.Current)]
    public void The_journal_and_snapshot_of_every_version_are_read_and_folded_to_the_same_state(int version)
    {
        if (Environment.GetEnvironmentVariable("PHYSIO_WRITE_FIXTURES") is { Length: > 0 } folder)
            Write(folder);

        var state = new PatientState(Bedside.Patient);
        var reader = new PayloadReader(File.ReadAllBytes(Path.Combine(Folder, $"journal.v{version}")));
        long sequence = 0;
        while (!reader.AtEnd)
        {
            // Samples came with version 2.
            ReadOnlySpan<byte> entry = reader.Bytes();
            state.Apply(++sequence, entry, version == 1 ? default : reader.Bytes());
        }

        byte[] snapshot = File.ReadAllBytes(Path.Combine(Folder, $"snapshot.v{version}"));
        PatientState decoded = PatientState.Decode(Bedside.Patient, snapshot);
        Assert.True(sequence > 200);
        Assert.Equal("stay-2", state.Encounter);
        Assert.Equal(version, state.Logic);
        Assert.Equal(version, decoded.Logic);
        // What samples are folded to is a matter of the detectors, which every version of the logic may change; all else stays.
        if (version < LogicVersion.Current)
            (state.Waveforms, decoded.Waveforms) = (null, null);
        else
            Assert.Equal(snapshot, Bedside.Encode(state));
        Assert.Equal(Bedside.Encode(decoded), Bedside.Encode(state));
        Assert.Equal(Bedside.Encode(decoded), Bedside.Encode(PatientState.Decode(Bedside.Patient, Bedside.Encode(decoded))));
        if (version == 1)
        {
            Assert.Single(state.Open);
            return;
        }

        // That signals stop is told since version 3. Since version 4 a score that does not apply at an age ends with the order that tells the age.
        string[] open = version switch
        {
            2 => ["asystole", "news2"],
            3 => ["asystole", "news2", "spo2-lost", "temp-core-lost"],
            _ => ["asystole", "spo2-lost", "temp-core-lost"],
        };
        Assert.Equal(open, state.Alarms.List().Select(alarm => AlarmConditions.Get(alarm.Condition).Name));
        Assert.NotNull(state.Alarms.Pause(PauseKind.Audio));
        Assert.Equal(AgeClass.Adolescent, state.Orders!.AgeClassAt(state.NewestMs));
        Assert.NotNull(state.Weight!.Estimate);
    }

    [Fact]
    public void A_later_format_is_refused_with_its_number()
    {
        byte[] snapshot = File.ReadAllBytes(Path.Combine(Folder, "snapshot.v1"));
        snapshot[0] = 99;
        Assert.Contains("99", Assert.Throws<InvalidDataException>(() => PatientState.Decode(Bedside.Patient, snapshot)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Damage_is_an_error_and_never_a_state()
    {
        byte[] snapshot = File.ReadAllBytes(Path.Combine(Folder, "snapshot.v1"));
        for (int length = 0; length < snapshot.Length; length++)
            Assert.ThrowsAny<Exception>(() => PatientState.Decode(Bedside.Patient, snapshot.AsSpan(0, length)));
    }

    private static void Write(string folder)
    {
        var bed = new Bedside();
        bed.Send(0, [(SignalCode.HeartRate, 80)], numbered: false, device: "cuff");
        for (int second = 1; second < 260; second++)
        {
            bed.Send(second * 1000,
                [(SignalCode.HeartRate, second is > 60 and < 100 or > 200 ? 155 : 80 + (second % 4)), (SignalCode.SpO2, second == 40 ? 60 : 97), (SignalCode.CoreTemperature, 37.2)],
                encounter: second < 150 ? "stay-1" : "stay-2", session: "s1");
            if (second == 90)
                bed.Acknowledge(bed.Anomalies[0].AnomalyId, 90_500);
        }

        bed.Send(262_000 - 20_000, [(SignalCode.SpO2, 95)], encounter: "stay-2", session: "s1");
        bed.Command(new(Bedside.Patient, CommandKind.SetDemographics, "", "nurse", null, Bedside.Start + 261_000) { AgeClass = AgeClass.Adolescent }, 261_000);
        bed.Command(new(Bedside.Patient, CommandKind.SetOxygen, "", "nurse", null, Bedside.Start + 261_000) { Oxygen = OxygenStatus.Oxygen }, 261_000);
        for (int weighing = 0; weighing < 4; weighing++)
            bed.Send(262_000 + (weighing * 1000), [(SignalCode.Weight, 61 + (0.1 * weighing))], encounter: "stay-2", session: "s1");
        Waveforms(bed);
        bed.Command(new(Bedside.Patient, CommandKind.AudioPause, "", "nurse", "washing", Bedside.Start + 300_000) { DurationSeconds = 120 }, 300_000);
        var writer = new PayloadWriter();
        for (int i = 0; i < bed.Entries.Count; i++)
        {
            writer.Bytes(bed.Entries[i]);
            writer.Bytes(bed.Samples[i]);
        }

        Directory.CreateDirectory(folder);
        File.WriteAllBytes(Path.Combine(folder, $"journal.v{LogicVersion.Current}"), writer.Written.ToArray());
        File.WriteAllBytes(Path.Combine(folder, $"snapshot.v{LogicVersion.Current}"), Bedside.Encode(bed.State));
    }

    /// <summary>20 s of ECG with an early wide beat, and pulse waves; then the heart stands still.</summary>
    private static void Waveforms(Bedside bed)
    {
        List<(double At, bool IsVentricular)> beats = [.. SyntheticHeart.Every(0.7, 0.5, 20).Select((at, i) => (i == 11 ? at - 0.25 : at, i == 11))];
        List<double> feet = [.. beats.Where(beat => !beat.IsVentricular).Select(beat => beat.At + 0.25)];
        for (int second = 0; second < 30; second++)
        {
            bed.Send(
                270_000 + (second * 1000),
                ClinicalActorTests.Chunk(WaveformSignal.EcgII, 250, 200, second, t => SyntheticHeart.Ecg(t, beats, 1), 269_000),
                ClinicalActorTests.Chunk(WaveformSignal.ArterialPressure, 125, 20, second, t => SyntheticHeart.Pressure(t, feet), 269_000));
        }
    }
}

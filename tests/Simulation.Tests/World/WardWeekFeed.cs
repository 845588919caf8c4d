using System.Text;
using PhysioActors.Processing.Alarms;
using PhysioActors.Processing.Patients;
using PhysioActors.Shared.Commands;
using PhysioActors.Shared.Kafka;
using PhysioActors.Shared.Observations;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Simulation.Tests.World;

/// <summary>
/// The inbound log of a ward's week: vital signs each half minute or minute that swing through their limits, sensors that fall off, silences, a weight a day, passages of waveforms,
/// people who acknowledge and pause, a nurse who goes round each four hours to a bed without a monitor, and a tick each ten seconds. The same for every run that reads it.
/// </summary>
internal sealed class WardWeekFeed
{
    internal const int Partitions = 2;
    internal const int Patients = 5;

    /// <summary>The bed that has no monitor.</summary>
    internal const string SpotChecked = "ward:bed-5";

    private const int RoundMs = 4 * 3600 * 1000;
    private const int TickMs = 10_000;
    private const int WeekMs = 7 * 24 * 3600 * 1000;
    private const int PassageEachMs = 9 * 3600 * 1000;
    private const int PassageMs = 40_000;

    private readonly Dice _dice = new(20);
    private readonly ObservationWriter _writer = new();
    private readonly ObservationDraft _draft = new();
    private readonly List<InboundRecord>[] _log = [.. Enumerable.Range(0, Partitions).Select(_ => new List<InboundRecord>())];
    private readonly Reference[] _readers;
    private readonly Bed[] _beds;

    private sealed class Bed(string key, int everyMs, Dice dice)
    {
        internal string Key { get; } = key;
        internal byte[] KeyBytes { get; } = Encoding.UTF8.GetBytes(key);
        internal int Partition { get; } = Partitioner.Partition(Encoding.UTF8.GetBytes(key), Partitions);
        internal int EveryMs { get; } = everyMs;
        internal SimulatedHeart Heart { get; } = new(dice);
        internal long Sequence;
        internal double Swing;
        internal double Towards;
    }

    /// <param name="actor">Makes the actor of a single reader, who knows what is open for somebody to acknowledge.</param>
    internal WardWeekFeed(Func<PatientActor> actor)
    {
        _readers = [.. Enumerable.Range(0, Partitions).Select(partition => new Reference(partition, Partitions, actor()))];
        _beds = [.. Enumerable.Range(0, Patients).Select(i => new Bed($"ward:bed-{i + 1}", i == Patients - 1 ? RoundMs : i % 2 == 0 ? 30_000 : 60_000, _dice.Fork()))];
        for (int atMs = 0; atMs < WeekMs; atMs += 1000)
            Second(atMs);
    }

    /// <summary>The records of each partition.</summary>
    internal IReadOnlyList<InboundRecord>[] Log => _log;

    /// <summary>What a single reader of each partition came to.</summary>
    internal IReadOnlyList<Reference> Readers => _readers;

    private void Second(int atMs)
    {
        long now = SimulatedWorld.EpochMs + atMs;
        for (int i = 0; i < _beds.Length; i++)
        {
            Bed bed = _beds[i];
            int phase = (atMs + (i * 2_000_000)) % PassageEachMs;
            bool isPassage = phase < PassageMs && bed.EveryMs < RoundMs;
            if (phase == 8000)
                bed.Heart.Change();
            bool isDue = atMs % bed.EveryMs == 1000 * (i + 1);
            // An hour in thirty of silence.
            if ((isDue || isPassage) && (atMs + (i * 11_000_000)) % 108_000_000 > 3_600_000)
                Observe(bed, now, isDue, isPassage);
            if (isDue && _dice.Below(bed.EveryMs < RoundMs ? 25 : 4) == 0)
                Order(bed, now);
        }

        if (atMs % TickMs != 0)
            return;
        for (int partition = 0; partition < Partitions; partition++)
            Put(partition, now, [], Encoding.UTF8.GetBytes($$"""{"v":1,"partition":{{partition}},"epoch":1}"""), RecordType.Tick);
    }

    private void Observe(Bed bed, long now, bool isDue, bool isPassage)
    {
        _draft.Patient = bed.Key;
        _draft.Device = "monitor";
        _draft.Session = "s1";
        _draft.Sequence = bed.Sequence++;
        _draft.TimeMs = now - 400;
        _draft.Readings.Clear();
        _draft.Waveforms.Clear();
        if (isDue)
            AddReadings(bed, now);
        if (isPassage)
            _draft.Waveforms.AddRange(bed.Heart.Tell(now - 400));
        Put(bed.Partition, now, bed.KeyBytes, _writer.WriteJson(_draft).ToArray(), RecordType.Observation);
    }

    private void AddReadings(Bed bed, long now)
    {
        if (_dice.Below(60) == 0)
            bed.Towards = _dice.Below(3) == 0 ? 1 : 0;
        bed.Swing += (bed.Towards - bed.Swing) * 0.08;
        if (bed.EveryMs == RoundMs)
            bed.Swing = _dice.Below(2);
        ReadingQuality quality = _dice.Below(150) == 0 ? ReadingQuality.SensorOff : ReadingQuality.Ok;
        _draft.Readings.Add(new(SignalCode.HeartRate, Math.Round(78 + (60 * bed.Swing) + _dice.Between(-2, 2))));
        _draft.Readings.Add(new(SignalCode.SpO2, Math.Round(97 - (11 * bed.Swing) + _dice.Between(-0.5, 0.5), 1), Quality: quality));
        _draft.Readings.Add(new(SignalCode.RespiratoryRate, Math.Round(15 + (18 * bed.Swing) + _dice.Between(-1, 1))));
        _draft.Readings.Add(new(SignalCode.ArterialMean, Math.Round(85 - (30 * bed.Swing) + _dice.Between(-2, 2))));
        if (now % 86_400_000 < bed.EveryMs)
            _draft.Readings.Add(new(SignalCode.Weight, Math.Round(_dice.Between(69, 71) * (_dice.Below(4) == 0 ? 2.2046 : 1), 1)));
    }

    private void Order(Bed bed, long now)
    {
        IReadOnlyList<AlarmState> open = _readers[bed.Partition].States.TryGetValue(bed.Key, out PatientState? state) ? state.Alarms.List() : [];
        var command = new CommandMessage(bed.Key, CommandKind.Resume, "", "nurse", null, now - 1000);
        if (open.Count > 0)
            command = command with { Kind = CommandKind.Acknowledge, AnomalyId = open[_dice.Below(open.Count)].Origin.Id(bed.Key) };
        else if (_dice.Below(3) == 0)
            command = command with { Kind = CommandKind.AudioPause, DurationSeconds = 120 };
        Put(bed.Partition, now, bed.KeyBytes, CommandWriter.WriteJson(command), RecordType.Command);
    }

    private void Put(int partition, long timestampMs, byte[] key, byte[] value, RecordType type)
    {
        var record = new InboundRecord(_log[partition].Count, timestampMs, key, value, type, RecordContent.Json);
        _log[partition].Add(record);
        _readers[partition].Handle(record);
    }
}

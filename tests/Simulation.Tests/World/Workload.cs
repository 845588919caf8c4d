using System.Text;
using PhysioActors.Shared.Kafka;
using PhysioActors.Shared.Observations;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Simulation.Tests.World;

/// <summary>
/// What gateways send in one run: a few patients whose vitals drift, break rules, fall silent and come back, with repeats, records out of order, late ones, reused numbers,
/// clocks that jump, changed encounters and records that are no good; with commands among it, and in some runs waveforms. Counts what it put in, independently of any decoder.
/// </summary>
internal sealed class Workload
{
    private readonly SimulatedWorld _world;
    private readonly SimulatedBroker _broker;
    private readonly Dice _dice;
    private readonly ObservationWriter _writer = new();
    private readonly ObservationDraft _draft = new();
    private readonly List<Patient> _patients = [];
    private readonly SimulatedNurse _nurse;

    private sealed class Patient(string key)
    {
        internal string Key { get; } = key;
        internal byte[] KeyBytes { get; } = Encoding.UTF8.GetBytes(key);
        internal long Sequence;
        internal double HeartRate = 80;
        internal double SpO2 = 97;
        internal double Respiration = 16;
        internal double Mean = 85;
        internal string? Encounter;
        internal string Session = "s1";
        internal int SickFor;
        internal byte[]? Last;
        internal byte[]? Delayed;
        internal (long AtMs, double Kilograms)? Weighed;
        internal SimulatedHeart? Heart;
    }

    /// <param name="world">The world.</param>
    /// <param name="broker">Where to.</param>
    /// <param name="dice">What happens.</param>
    /// <param name="waveforms">Of how many patients there are waveforms.</param>
    internal Workload(SimulatedWorld world, SimulatedBroker broker, Dice dice, int waveforms)
    {
        _world = world;
        _broker = broker;
        _dice = dice;
        int patients = 2 + dice.Below(5);
        for (int i = 0; i < patients; i++)
            _patients.Add(new($"ward:bed-{i + 1}"));
        for (int i = 0; i < Math.Min(waveforms, patients); i++)
            _patients[i].Heart = new(dice.Fork());
        _nurse = new(broker, dice.Fork());
    }

    /// <summary>Repeats put in of a record with a number of its own, which the device session surely still remembers.</summary>
    internal int SureRepeats { get; private set; }

    /// <summary>Records put in that no decoder may accept.</summary>
    internal int Malformed { get; private set; }

    /// <summary>Commands put in.</summary>
    internal int Commands { get; private set; }

    /// <summary>All records put in.</summary>
    internal int Sent { get; private set; }

    internal bool IsDone { get; private set; }

    internal void Run(int steps)
    {
        int step = 0;
        Next();

        void Next() => _world.After(TimeSpan.FromMilliseconds(_dice.Between(100, 1200)), null, () =>
        {
            foreach (Patient patient in _patients)
            {
                Send(patient);
                if (_dice.Chance(0.08))
                    Order(patient);
            }

            if (++step == steps)
                IsDone = true;
            else
                Next();
        });
    }

    private void Send(Patient patient)
    {
        int roll = _dice.Below(100);
        if (roll < 6)
        {
            Put(patient, "{\"patient\":\"" + patient.Key + "\",\"readings\":[");
            Malformed++;
            return;
        }

        if (roll == 6)
        {
            Misplace(patient);
            return;
        }

        if (roll < 12 && patient.Last is not null)
        {
            Put(patient, patient.Last);
            SureRepeats++;
            return;
        }

        // Silence: nothing for this step.
        if (roll < 15)
            return;
        if (roll < 17)
            patient.SickFor = 10 + _dice.Below(25);
        if (roll == 17)
            patient.Encounter = $"e{_dice.Below(1000)}-{_world.NowMs}";
        bool reuse = IsReuse(patient, roll);
        byte[] value = Observe(patient, roll);
        if (roll is 18 or 19 && patient.Delayed is null)
        {
            // Comes after its successor.
            patient.Delayed = value;
            return;
        }

        Put(patient, value);
        // A reused number is refused, and refused again when it is repeated.
        patient.Last = reuse ? null : value;
        if (patient.Delayed is { } delayed)
        {
            patient.Delayed = null;
            Put(patient, delayed);
            patient.Last = delayed;
        }
    }

    private void Order(Patient patient)
    {
        byte[] command = _nurse.Command(patient.Key, _world.NowMs, patient.Weighed);
        Put(patient, _dice.Below(20) == 0 ? command[..^5] : command, RecordType.Command);
        Commands++;
    }

    private static bool IsReuse(Patient patient, int roll) => roll == 20 && patient.Delayed is null && patient.Sequence > 0;

    private byte[] Observe(Patient patient, int roll)
    {
        bool sick = patient.SickFor-- > 0;
        patient.HeartRate += _dice.Between(-1, 1) + ((sick ? 155 : 80) - patient.HeartRate) * 0.2;
        patient.SpO2 += _dice.Between(-0.3, 0.3) + ((sick ? 84 : 97) - patient.SpO2) * 0.2;
        patient.Respiration += _dice.Between(-0.5, 0.5) + ((sick ? 33 : 16) - patient.Respiration) * 0.2;
        patient.Mean += _dice.Between(-1, 1) + ((sick ? 52 : 85) - patient.Mean) * 0.2;
        _draft.Patient = patient.Key;
        _draft.Encounter = patient.Encounter;
        _draft.Device = roll > 90 ? "monitor-2" : "monitor";
        _draft.Session = patient.Session;
        _draft.Sequence = IsReuse(patient, roll) ? patient.Sequence - 1 : patient.Sequence++;
        _draft.TimeMs = _world.NowMs - _dice.Below(300) - (roll == 21 ? 25_000 : 0) + (roll == 22 ? 60_000 : 0);
        _draft.IntervalMs = 0;
        _draft.Readings.Clear();
        _draft.Readings.Add(new(SignalCode.HeartRate, Math.Round(patient.HeartRate + (roll == 23 ? 120 : 0))));
        _draft.Readings.Add(new(SignalCode.SpO2, Math.Clamp(Math.Round(patient.SpO2, 1), 0, 100)));
        _draft.Readings.Add(new(SignalCode.RespiratoryRate, Math.Round(patient.Respiration)));
        _draft.Readings.Add(new(SignalCode.ArterialMean, Math.Round(patient.Mean), Quality: roll == 24 ? ReadingQuality.SensorOff : ReadingQuality.Ok));
        if (roll is >= 25 and < 30)
            Weigh(patient);
        _draft.Waveforms.Clear();
        if (patient.Heart is { } heart)
        {
            if (_dice.Below(25) == 0)
                heart.Change();
            _draft.Waveforms.AddRange(heart.Tell(_world.NowMs));
            // A message of waveforms alone.
            if (_draft.Waveforms.Count > 0 && _dice.Below(3) == 0)
                _draft.Readings.Clear();
        }

        return _writer.WriteJson(_draft).ToArray();
    }

    // Now and then in pounds, which is believed only when somebody stands for it.
    private void Weigh(Patient patient)
    {
        double weight = Math.Round(_dice.Between(69, 71) * (_dice.Below(3) == 0 ? 2.2046 : 1), 1);
        patient.Weighed = (_draft.TimeMs, weight);
        _draft.Readings.Add(new(SignalCode.Weight, weight));
    }

    private void Put(Patient patient, string value) => Put(patient, Encoding.UTF8.GetBytes(value));

    // A gateway with another partitioner: the patient is known, but not there.
    private void Misplace(Patient patient)
    {
        int partition = (Partitioner.Partition(patient.KeyBytes, _broker.Partitions) + 1) % _broker.Partitions;
        if (_broker.Partitions == 1)
            return;
        Malformed++;
        Sent++;
        _broker.Append(partition, TimestampMs(), patient.KeyBytes, Observe(patient, 0));
    }

    private void Put(Patient patient, byte[] value, RecordType type = RecordType.Observation)
    {
        Sent++;
        _broker.Append(Partitioner.Partition(patient.KeyBytes, _broker.Partitions), TimestampMs(), patient.KeyBytes, value, type);
    }

    // Now and then a gateway's clock is wrong.
    private long TimestampMs() => _world.NowMs + (_dice.Below(50) switch
    {
        0 => 30_000,
        1 => -20_000,
        _ => 0,
    });
}

using PhysioActors.Processing.Runtime;
using PhysioActors.Shared.Anomalies;
using PhysioActors.Shared.Commands;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Simulation.Tests.World;

/// <summary>Who looks at the anomaly topic and sends commands: acknowledges what is open (or was), pauses and resumes, sets limits, tells about the patient, confirms weights.</summary>
internal sealed class SimulatedNurse(SimulatedBroker broker, Dice dice)
{
    private readonly Dictionary<string, List<string>> _raised = [];
    private int _read;

    /// <summary>The next command for a patient, as JSON.</summary>
    /// <param name="patient">The canonical key.</param>
    /// <param name="nowMs">The time now.</param>
    /// <param name="weighed">A weight that was measured, when and how much; null for none.</param>
    internal byte[] Command(string patient, long nowMs, (long AtMs, double Kilograms)? weighed)
    {
        var command = new CommandMessage(patient, CommandKind.Acknowledge, "", "nurse", dice.Below(2) == 0 ? "seen" : null, nowMs - dice.Below(2000));
        command = dice.Below(10) switch
        {
            0 => command with { Kind = CommandKind.AudioPause, DurationSeconds = 1 + dice.Below(20) },
            1 => command with { Kind = CommandKind.AlarmPause, DurationSeconds = 1 + dice.Below(20) },
            // One that was long on its way: it has ended already, or ends soon.
            2 => command with { Kind = CommandKind.AlarmPause, DurationSeconds = 5, TimeMs = nowMs - dice.Below(10_000) },
            3 => command with { Kind = CommandKind.Resume },
            4 => command with { Kind = CommandKind.SetLimits, Signal = SignalCode.HeartRate, Low = 40 + dice.Below(20), High = 110 + dice.Below(60) },
            5 when weighed is { } weight => command with { Kind = CommandKind.ConfirmWeight, MeasuredAtMs = weight.AtMs, WeightKilograms = weight.Kilograms },
            5 => command with { Kind = CommandKind.SetOxygen, Oxygen = dice.Below(2) == 0 ? OxygenStatus.Air : OxygenStatus.Oxygen },
            6 => command with { Kind = CommandKind.SetConsciousness, Consciousness = dice.Below(2) == 0 ? Consciousness.Alert : Consciousness.Voice },
            _ => command with { AnomalyId = AnAnomaly(patient) },
        };
        return CommandWriter.WriteJson(command);
    }

    private string AnAnomaly(string patient)
    {
        for (; _read < broker.Published.Count; _read++)
        {
            OutboxRow row = broker.Published[_read].Row;
            if (row.Kind != OutboxKind.Anomaly)
                continue;
            AnomalyMessage anomaly = AnomalyJson.Parse(row.Value);
            if (anomaly.State != AnomalyState.Raised)
                continue;
            if (!_raised.TryGetValue(anomaly.Patient, out List<string>? ids))
                _raised.Add(anomaly.Patient, ids = []);
            ids.Add(anomaly.AnomalyId);
        }

        return _raised.TryGetValue(patient, out List<string>? known) ? known[^(1 + dice.Below(Math.Min(3, known.Count)))] : $"{patient}/1/0";
    }
}

namespace PhysioActors.Seed.Commands;

/// <summary><c>physio rhythm</c>: how well rhythms are recognised, and what a patient's beats say.</summary>
internal sealed class RhythmCommand : PhysioCommand
{
    public RhythmCommand(GlobalOptions global, CommandHost host)
        : base("rhythm", "Measures how well rhythms are recognised, on recordings with known answers, by the code that watches patients; and the variability of a patient's heart rate.",
        [
            ("rhythm evaluate cinc2015-alarms --json", "true and false alarms of bedside monitors"),
            ("rhythm hrv mitdb:100", "heart rate variability of a patient"),
            ("rhythm af vitaldb-arrhythmia-labels --json", "atrial fibrillation from beat times"),
        ])
    {
        Add(new RhythmEvaluateCommand(host));
        Add(new RhythmFibrillationCommand(host));
        Add(new RhythmVariabilityCommand(global, host));
    }
}

namespace PhysioActors.Seed.Commands;

/// <summary><c>physio rhythm</c>: how well rhythms are recognised, measured on recordings with known answers.</summary>
internal sealed class RhythmCommand : PhysioCommand
{
    public RhythmCommand(CommandHost host)
        : base("rhythm", "Measures how well rhythms are recognised, on recordings with known answers. The same code watches a patient.",
        [
            ("rhythm evaluate cinc2015-alarms --json", "true and false alarms of bedside monitors"),
            ("rhythm af vitaldb-arrhythmia-labels --json", "atrial fibrillation from beat times"),
        ])
    {
        Add(new RhythmEvaluateCommand(host));
        Add(new RhythmFibrillationCommand(host));
    }
}

namespace PhysioActors.Seed.Commands;

/// <summary><c>physio ecg</c>: finds heartbeats in recordings, and measures how well.</summary>
internal sealed class EcgCommand : PhysioCommand
{
    public EcgCommand(CommandHost host)
        : base("ecg", "Finds heartbeats in WFDB records, sample by sample, with the code that watches a patient; and measures how well that goes.",
        [
            ("ecg detect mitdb/101 --output beats", "the beats of a record, as beats/101.csv"),
            ("ecg detect mitdb --output beats --json", "of all records in a folder, with a summary"),
            ("ecg stress mitdb/112 mitdb/122", "how beats are found in noise that is added"),
            ("ecg fit mitdb --leave-one-out", "fit the detector's weights, and score each record with weights that have not seen it"),
        ])
    {
        Add(new EcgDetectCommand(host));
        Add(new EcgStressCommand(host));
        Add(new EcgFitCommand(host));
    }
}

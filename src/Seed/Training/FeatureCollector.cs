using System.Runtime.InteropServices;
using System.Text;
using PhysioActors.Processing.Patients;
using PhysioActors.Processing.Scoring;
using PhysioActors.Shared.Observations;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Seed.Training;

/// <summary>
/// Runs observations through patient actors as a node would, without journal and model, and collects the features that a model would be asked to score: each patient's, at most one row in an interval of event time.
/// </summary>
/// <param name="intervalMs">The interval, milliseconds: rows of one second and the next are nearly the same.</param>
/// <param name="fewestFeatures">Rows with fewer features present are left out, as scoring leaves them out.</param>
internal sealed class FeatureCollector(int intervalMs, int fewestFeatures)
{
    private readonly PatientActor _actor = new(ActorConfiguration.Default, model: null);
    private readonly Dictionary<string, (PatientState State, long LastRowMs)> _patients = new(StringComparer.Ordinal);
    private readonly DecodedObservation _observation = new();
    private readonly List<float> _rows = [];
    private readonly float[] _row = new float[FeatureVector.Count];

    /// <summary>The rows, one behind the other.</summary>
    public ReadOnlySpan<float> Rows => CollectionsMarshal.AsSpan(_rows);

    /// <summary>How many rows there are.</summary>
    public int Count => _rows.Count / FeatureVector.Count;

    /// <summary>How many patients were seen.</summary>
    public int Patients { get; private set; }

    /// <summary>Forgets the patients' states, not their rows: who comes now is somebody else, whatever the id.</summary>
    public void ForgetPatients() => _patients.Clear();

    /// <summary>Takes the next observation.</summary>
    public void Add(ObservationDraft draft)
    {
        Decode(draft);
        ref (PatientState State, long LastRowMs) patient = ref CollectionsMarshal.GetValueRefOrAddDefault(_patients, draft.Patient, out bool known);
        if (!known)
        {
            patient = (new PatientState(draft.Patient), draft.TimeMs);
            Patients++;
        }

        _actor.Handle(patient.State, _observation, draft.TimeMs);
        if (draft.TimeMs - patient.LastRowMs < intervalMs)
            return;
        patient.LastRowMs = draft.TimeMs;
        if (FeatureVector.Extract(patient.State.Windows, _row) >= fewestFeatures)
            _rows.AddRange(_row);
    }

    private void Decode(ObservationDraft draft)
    {
        _observation.Clear();
        _observation.PatientKey = Encoding.UTF8.GetBytes(draft.Patient);
        _observation.Encounter = Encoding.UTF8.GetBytes(draft.Encounter ?? "");
        _observation.Device = Encoding.UTF8.GetBytes(draft.Device ?? "");
        _observation.Session = Encoding.UTF8.GetBytes(draft.Session ?? "");
        _observation.Sequence = draft.Sequence;
        _observation.TimeMs = draft.TimeMs;
        _observation.IntervalMs = draft.IntervalMs;
        foreach (DraftReading reading in draft.Readings)
        {
            if (reading.Absent is null && SignalCodes.Quantise(reading.Code, reading.Value, out ushort steps))
                _observation.TryAdd(new Reading(reading.Code, true, steps, reading.TimeMs ?? draft.TimeMs, reading.Quality, reading.Source));
        }
    }
}

using PhysioActors.Ingest.Simulation;
using PhysioActors.Processing.Patients;
using PhysioActors.Processing.Scoring;
using PhysioActors.Shared.Observations;

namespace PhysioActors.Seed.Models;

/// <summary>Trains a model on baselines: observations go through the same actors as in service, and the features of their windows are collected.</summary>
internal sealed class ModelTraining
{
    /// <summary>Features of a patient are taken once in this time: neighbouring ones say the same.</summary>
    private const int SampleEveryMs = 30_000;

    /// <summary>More rows than this are not kept: a forest draws 256 for each tree.</summary>
    private const int MaximumRows = 400_000;

    private readonly ObservationWriter _writer = new();
    private readonly ObservationDecoder _decoder = new();
    private readonly DecodedObservation _observation = new();
    private readonly PatientActor _actor = new(ActorConfiguration.Default, model: null);
    private readonly Dictionary<string, (PatientState State, long SampledMs)> _patients = [];
    private readonly List<float> _rows = [];

    /// <summary>How many feature vectors were collected.</summary>
    public int Rows => _rows.Count / FeatureVector.Count;

    /// <summary>Collects from a simulated ward without episodes.</summary>
    /// <param name="ward">The ward.</param>
    /// <param name="progress">Told the share done, 0 to 1.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public void Collect(WardSimulator ward, Action<double> progress, CancellationToken cancellationToken)
    {
        Span<float> features = stackalloc float[FeatureVector.Count];
        long told = 0;
        foreach (ObservationDraft draft in ward.Observations())
        {
            cancellationToken.ThrowIfCancellationRequested();
            PatientState state = Handle(draft);
            (_, long sampledMs) = _patients[draft.Patient];
            if (draft.TimeMs - sampledMs >= SampleEveryMs && Rows < MaximumRows && FeatureVector.Extract(state.Windows, features) >= new ScoringOptions().MinimumFeatures)
            {
                _patients[draft.Patient] = (state, draft.TimeMs);
                _rows.AddRange(features);
            }

            if (draft.TimeMs - told < SampleEveryMs)
                continue;
            told = draft.TimeMs;
            progress((double)(draft.TimeMs - ward.StartMs) / (ward.EndMs - ward.StartMs));
        }

        _patients.Clear();
    }

    /// <summary>Trains on what was collected.</summary>
    public IsolationForest Train(string name, ulong seed) => IsolationForest.Train(
        System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_rows), FeatureVector.Count,
        new IsolationForestOptions { Name = name, Seed = seed, FeatureNames = FeatureVector.Names.ToArray() });

    private PatientState Handle(ObservationDraft draft)
    {
        if (!_patients.TryGetValue(draft.Patient, out (PatientState State, long SampledMs) patient))
            _patients.Add(draft.Patient, patient = (new PatientState(draft.Patient), long.MinValue / 2));
        byte[] value = _writer.WriteJson(draft).ToArray();
        var record = new InboundRecord(0, draft.TimeMs, System.Text.Encoding.UTF8.GetBytes(draft.Patient), value, RecordType.Observation, RecordContent.Json);
        if (_decoder.Decode(record, 0, 1, _observation) is { } refusal)
            throw new InvalidDataException($"A training observation was refused: {refusal}");
        _actor.Handle(patient.State, _observation, draft.TimeMs);
        return patient.State;
    }
}

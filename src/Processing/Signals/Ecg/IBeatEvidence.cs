namespace PhysioActors.Processing.Signals.Ecg;

/// <summary>Sees the features on which a <see cref="BeatDetector"/> decides, so that a <see cref="BeatModel"/> can be fitted to known answers.</summary>
public interface IBeatEvidence
{
    /// <summary>A candidate is being decided.</summary>
    /// <param name="sample">Where it is, as <see cref="Beat.Sample"/>.</param>
    /// <param name="features"><see cref="BeatModel.CandidateFeatures"/> features; valid during the call.</param>
    void Candidate(long sample, ReadOnlySpan<double> features);

    /// <summary>A beat is being classified.</summary>
    /// <param name="sample">Where it is, as <see cref="Beat.Sample"/>.</param>
    /// <param name="form"><see cref="BeatModel.FormFeatures"/> features; valid during the call.</param>
    /// <param name="class"><see cref="BeatModel.ClassFeatures"/> features; valid during the call.</param>
    void Classification(long sample, ReadOnlySpan<double> form, ReadOnlySpan<double> @class);
}

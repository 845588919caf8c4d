using PhysioActors.Shared.Binary;

namespace PhysioActors.Processing.Signals.Rhythm;

/// <summary>What the last four seconds of a lead look like, judged once a second.</summary>
/// <param name="RangeMicrovolts">Lowest to highest of the last second.</param>
/// <param name="Still">Share of the last second in which the lead did not move at all.</param>
/// <param name="Missing">Share of the last second without valid samples.</param>
/// <param name="Roughness">Mean change of the slope over mean slope in the last second.</param>
/// <param name="Peakedness">Kurtosis of the last four seconds without their baseline: a sine has 1.5, fibrillation 2 to 3, beats with rest between them above 5.</param>
/// <param name="Frequency">Mean frequency of the last four seconds without their baseline, from mean slope over mean magnitude, Hz.</param>
/// <param name="Leakage">What is left of the last four seconds when they are added to themselves half a mean period later, over their magnitude (Kuo and Dillman 1978): near 0 for an oscillation, near 1 for beats.</param>
/// <param name="Magnitude">Mean magnitude of the last four seconds without their baseline, microvolts.</param>
/// <param name="Swings">The latest run of great swings in the last four seconds.</param>
/// <param name="Fault">What keeps the last second from being the ECG of a patient.</param>
internal readonly record struct LeadSecond(float RangeMicrovolts, float Still, float Missing, float Roughness, float Peakedness, float Frequency, float Leakage, float Magnitude, SwingRun Swings, LeadFault Fault)
{
    public void Encode(PayloadWriter writer)
    {
        writer.Single(RangeMicrovolts);
        writer.Single(Still);
        writer.Single(Missing);
        writer.Single(Roughness);
        writer.Single(Peakedness);
        writer.Single(Frequency);
        writer.Single(Leakage);
        writer.Single(Magnitude);
        Swings.Encode(writer);
        writer.Byte((byte)Fault);
    }

    /// <param name="reader">Stands behind the second afterwards.</param>
    /// <param name="isWhole">False for bytes of a version that knew neither swings nor faults.</param>
    public static LeadSecond Decode(ref PayloadReader reader, bool isWhole) => new(
        StateForm.FiniteSingle(ref reader, "second of a lead"),
        StateForm.FiniteSingle(ref reader, "second of a lead"),
        StateForm.FiniteSingle(ref reader, "second of a lead"),
        StateForm.FiniteSingle(ref reader, "second of a lead"),
        StateForm.FiniteSingle(ref reader, "second of a lead"),
        StateForm.FiniteSingle(ref reader, "second of a lead"),
        StateForm.FiniteSingle(ref reader, "second of a lead"),
        StateForm.FiniteSingle(ref reader, "second of a lead"),
        isWhole ? SwingRun.Decode(ref reader) : default,
        isWhole ? LeadFaults.Decode(ref reader) : LeadFault.None);
}

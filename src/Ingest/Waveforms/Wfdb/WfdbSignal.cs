namespace PhysioActors.Ingest.Waveforms.Wfdb;

/// <summary>One signal of a WFDB record, as its header describes it.</summary>
/// <param name="File">The file beside the header that holds its samples.</param>
/// <param name="Format">How that file stores samples: 16 or 212.</param>
/// <param name="ByteOffset">Bytes before the first sample of the file (24 in a MATLAB version 4 file).</param>
/// <param name="Gain">Steps in one unit; never 0.</param>
/// <param name="Baseline">The step that stands for 0 units.</param>
/// <param name="Units">The unit, mV when the header names none.</param>
/// <param name="InitialValue">The first sample; null when the header does not say.</param>
/// <param name="Checksum">The 16-bit sum of its samples; null when the header does not say.</param>
/// <param name="Description">Its name, as MLII or PLETH; empty when the header has none.</param>
public sealed record WfdbSignal(string File, int Format, int ByteOffset, double Gain, int Baseline, string Units, int? InitialValue, short? Checksum, string Description);

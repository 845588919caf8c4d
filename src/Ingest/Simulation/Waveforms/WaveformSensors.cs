namespace PhysioActors.Ingest.Simulation.Waveforms;

/// <summary>What the sensors of the waveforms do in the time up to an observation.</summary>
/// <param name="AreElectrodesOff">The electrodes are off: the ECG has no values.</param>
/// <param name="IsProbeOff">The oximeter's probe is off: the plethysmogram has no values.</param>
/// <param name="IsMoving">The patient moves: both are disturbed.</param>
internal readonly record struct WaveformSensors(bool AreElectrodesOff, bool IsProbeOff, bool IsMoving);

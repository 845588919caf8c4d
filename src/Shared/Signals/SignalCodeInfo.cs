namespace PhysioActors.Shared.Signals;

/// <summary>What a code means and how its values are kept.</summary>
/// <param name="Code">The code.</param>
/// <param name="Name">The short name in messages, as <c>abp-sys</c>.</param>
/// <param name="Display">The name for people.</param>
/// <param name="Loinc">The LOINC code.</param>
/// <param name="Ucum">The UCUM unit in which values are kept.</param>
/// <param name="Minimum">The lowest physically possible value, in that unit.</param>
/// <param name="Maximum">The highest physically possible value, in that unit.</param>
/// <param name="Resolution">The size of a step, 10^-<paramref name="Decimals"/>.</param>
/// <param name="Decimals">Digits behind the point of a kept value.</param>
public readonly record struct SignalCodeInfo(
    SignalCode Code, string Name, string Display, string Loinc, string Ucum, double Minimum, double Maximum, double Resolution, int Decimals);

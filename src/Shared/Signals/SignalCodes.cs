namespace PhysioActors.Shared.Signals;

/// <summary>The one table of codes.</summary>
public static class SignalCodes
{
    /// <summary>One more than the highest code number: the length of an array indexed by code.</summary>
    public const int Count = 19;
}

namespace PhysioActors.Shared.Observations;

/// <summary>The stable texts of <see cref="RefusalReason"/>, as they stand in the headers of dead letters.</summary>
public static class RefusalReasons
{
    private static readonly string[] Texts =
    [
        "none", "malformed", "invalid-utf8", "too-large", "missing", "wrong-type", "invalid-id", "wrong-key", "wrong-partition", "invalid-time",
        "no-good-reading", "unknown-code", "unknown-unit", "impossible", "not-finite", "unsupported", "sequence-reused", "handling-failed", "too-many",
        "unknown-signal", "invalid-rate", "invalid-gain", "invalid-baseline", "no-samples", "too-many-samples", "invalid-samples", "unauthenticated",
    ];

    /// <summary>The text of a reason, as <c>wrong-key</c>.</summary>
    public static string Text(this RefusalReason reason) => Texts[(int)reason];

    /// <summary>Finds the reason of a text.</summary>
    public static bool TryParse(string text, out RefusalReason reason)
    {
        int found = Array.IndexOf(Texts, text);
        reason = found < 0 ? RefusalReason.None : (RefusalReason)found;
        return found >= 0;
    }
}

namespace PhysioActors.Shared.Options;

/// <summary>How much is logged, most first.</summary>
public enum LogLevelName
{
    /// <summary>Every step, for developers.</summary>
    Debug,

    /// <summary>What an operator wants to know.</summary>
    Info,

    /// <summary>What an operator should look at.</summary>
    Warning,

    /// <summary>What failed.</summary>
    Error,
}

/// <summary>The form of a log line.</summary>
public enum LogFormatName
{
    /// <summary>One line for people.</summary>
    Text,

    /// <summary>One JSON object a line.</summary>
    Json,
}

/// <summary>The section <c>Logging</c>. Logs go to standard error.</summary>
public sealed record LoggingOptions
{
    /// <summary>The least severe kind that is logged.</summary>
    public LogLevelName Level { get; init; } = LogLevelName.Info;

    /// <summary>The form of a line.</summary>
    public LogFormatName Format { get; init; } = LogFormatName.Text;

    internal static LoggingOptions Read(OptionsReader reader)
    {
        var standard = new LoggingOptions();
        return new() { Level = reader.Choice("Logging:Level", standard.Level), Format = reader.Choice("Logging:Format", standard.Format) };
    }
}

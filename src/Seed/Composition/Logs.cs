using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using PhysioActors.Shared.Options;

namespace PhysioActors.Seed.Composition;

/// <summary>Logs of the whole program: to standard error, so that standard output belongs to results.</summary>
internal static class Logs
{
    /// <summary>Makes the loggers; dispose it last, it flushes what waits.</summary>
    public static ILoggerFactory Create(LoggingOptions options) => LoggerFactory.Create(logging =>
    {
        logging.SetMinimumLevel(options.Level switch
        {
            LogLevelName.Debug => LogLevel.Debug,
            LogLevelName.Warning => LogLevel.Warning,
            LogLevelName.Error => LogLevel.Error,
            _ => LogLevel.Information,
        });
        logging.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        if (options.Format == LogFormatName.Json)
        {
            logging.AddJsonConsole(json =>
            {
                json.UseUtcTimestamp = true;
                json.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";
            });
        }
        else
        {
            logging.AddSimpleConsole(simple =>
            {
                simple.SingleLine = true;
                simple.UseUtcTimestamp = true;
                simple.TimestampFormat = "HH:mm:ss.fff ";
                simple.ColorBehavior = Console.IsErrorRedirected ? LoggerColorBehavior.Disabled : LoggerColorBehavior.Default;
            });
        }
    });
}

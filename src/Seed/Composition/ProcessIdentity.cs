using System.Diagnostics;
using System.Text.Json.Serialization;

namespace PhysioActors.Seed.Composition;

/// <summary>A process that a file remembers: its id alone would, after a restart of the machine or a while, name another one.</summary>
/// <param name="Pid">Its id.</param>
/// <param name="StartedAt">When it began.</param>
internal sealed record ProcessIdentity(int Pid, DateTimeOffset StartedAt)
{
    // The system tells a start time in ticks since boot; the conversion to a time of day may differ a little between two readings.
    private static readonly TimeSpan s_tolerance = TimeSpan.FromSeconds(3);

    /// <summary>The process that runs this.</summary>
    public static ProcessIdentity Current { get; } = Of(Process.GetCurrentProcess());

    /// <summary>True while the very process that was remembered runs.</summary>
    [JsonIgnore]
    public bool IsRunning
    {
        get
        {
            try
            {
                using Process process = Process.GetProcessById(Pid);
                return !process.HasExited && (new DateTimeOffset(process.StartTime) - StartedAt).Duration() < s_tolerance;
            }
            catch (Exception exception) when (exception is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
            {
                return false;
            }
        }
    }

    /// <summary>Remembers a running process.</summary>
    public static ProcessIdentity Of(Process process) => new(process.Id, new DateTimeOffset(process.StartTime).ToUniversalTime());
}

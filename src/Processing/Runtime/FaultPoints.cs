using System.Runtime.InteropServices;

namespace PhysioActors.Processing.Runtime;

/// <summary>The named places at which a test may stop or kill the process.</summary>
public enum FaultPoint
{
    /// <summary>A commit's transaction is open, the guard not yet sent.</summary>
    BeforeGuard,

    /// <summary>The guard has matched, nothing is committed.</summary>
    AfterGuard,

    /// <summary>All rows are sent, COMMIT is not.</summary>
    BeforeCommit,

    /// <summary>COMMIT was acknowledged, nothing was published.</summary>
    AfterCommit,

    /// <summary>Outbox rows were read, none was produced.</summary>
    BeforeProduce,

    /// <summary>Outbox rows were produced, the Kafka transaction is open.</summary>
    AfterProduce,

    /// <summary>The Kafka transaction was committed.</summary>
    AfterKafkaTransaction,

    /// <summary>Messages are acknowledged, the progress is not yet kept in the journal.</summary>
    BeforeProgress,

    /// <summary>The progress is kept.</summary>
    AfterProgress,

    /// <summary>A partition was assigned, its epoch is not yet raised.</summary>
    BeforeTakeOver,
}

/// <summary>
/// Lets a test end (SIGKILL) or stop (SIGSTOP) this very process at a named point, so that every crash point is visited on the real thing.
/// Armed only by the environment, <c>PHYSIO_FAULT=AfterGuard:kill:3</c> (at the third time); otherwise <see cref="Reach"/> is a test of a constant that the compiler removes.
/// </summary>
public static partial class FaultPoints
{
    private static readonly string? s_armed = Environment.GetEnvironmentVariable("PHYSIO_FAULT");
    private static readonly bool s_isArmed = !string.IsNullOrEmpty(s_armed);
    private static readonly (FaultPoint Point, int Signal, int Count) s_fault = Parse(s_armed);
    private static int s_reached;

    /// <summary>Says that the process is at <paramref name="point"/>.</summary>
    public static void Reach(FaultPoint point)
    {
        if (s_isArmed)
            ReachArmed(point);
    }

    private static void ReachArmed(FaultPoint point)
    {
        if (point != s_fault.Point || Interlocked.Increment(ref s_reached) != s_fault.Count)
            return;
        _ = Kill(Environment.ProcessId, s_fault.Signal);
    }

    private static (FaultPoint Point, int Signal, int Count) Parse(string? text)
    {
        const int sigkill = 9, sigstop = 19;
        if (string.IsNullOrEmpty(text))
            return default;
        string[] parts = text.Split(':');
        if (parts.Length == 3 && Enum.TryParse(parts[0], out FaultPoint point) && parts[1] is ("kill" or "stop") && int.TryParse(parts[2], out int count) && count > 0)
            return (point, parts[1] == "kill" ? sigkill : sigstop, count);
        throw new FormatException($"PHYSIO_FAULT is '{text}'; it must be POINT:kill:N or POINT:stop:N with POINT one of {string.Join(", ", Enum.GetNames<FaultPoint>())}.");
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}

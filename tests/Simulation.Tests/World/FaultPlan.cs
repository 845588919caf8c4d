namespace PhysioActors.Simulation.Tests.World;

/// <summary>What may happen to a call on its way to the journal or the broker and back.</summary>
internal enum CallFault
{
    None,
    FailBefore,
    LoseAnswer,
    CarriedOutLater,
    CrashBefore,
    CrashAfter,
    StopBefore,
    StopAfter,
}

/// <summary>Decides which call meets which fault: by chance, or exactly one by its number.</summary>
internal sealed class FaultPlan(Dice dice, double probability, (int Call, CallFault Fault)? single = null)
{
    internal Dice Dice { get; } = dice;

    /// <summary>How many calls were made.</summary>
    internal int Calls { get; private set; }

    /// <summary>Faults are over: the system must recover.</summary>
    internal bool IsOver { get; set; }

    /// <summary>The journal is away.</summary>
    internal bool JournalAway { get; set; }

    internal CallFault Next()
    {
        Calls++;
        if (IsOver)
            return CallFault.None;
        if (single is { } only)
            return Calls == only.Call ? only.Fault : CallFault.None;
        if (!Dice.Chance(probability))
            return CallFault.None;
        // What ends or stops a process is rarer than what only fails a call.
        int roll = Dice.Below(20);
        return roll switch
        {
            < 5 => CallFault.FailBefore,
            < 10 => CallFault.LoseAnswer,
            < 12 => CallFault.CarriedOutLater,
            < 14 => CallFault.CrashBefore,
            < 16 => CallFault.CrashAfter,
            < 18 => CallFault.StopBefore,
            _ => CallFault.StopAfter,
        };
    }
}

namespace PhysioActors.Processing.Runtime;

/// <summary>What is in memory is not what the journal has: the shard's memory is given up, its row read again, and handling goes on from there.</summary>
internal sealed class GoBackException : Exception;

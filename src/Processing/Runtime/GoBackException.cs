namespace PhysioActors.Processing.Runtime;

/// <summary>What is in memory is not what the journal has: the shard's memory is given up, its row read again, and handling goes on from there.</summary>
/// <param name="why">What was found, as the log says it behind the shard.</param>
internal sealed class GoBackException(string why) : Exception(why);

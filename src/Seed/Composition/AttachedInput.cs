namespace PhysioActors.Seed.Composition;

/// <summary>Ties this process to the one that started it and holds the other end of its standard input.</summary>
internal static class AttachedInput
{
    /// <summary>Cancels when standard input ends, that is, when the process that started this one is gone.</summary>
    public static async Task EndWithAsync(CancellationTokenSource ended)
    {
        await using Stream input = Console.OpenStandardInput();
        await input.CopyToAsync(Stream.Null).ConfigureAwait(false);
        await ended.CancelAsync().ConfigureAwait(false);
    }
}

using System.Diagnostics;

namespace PhysioActors.Seed.Postgres;

/// <summary>A program that was run to its end.</summary>
/// <param name="ExitCode">0 when it succeeded.</param>
/// <param name="Output">What it wrote, standard output and errors together.</param>
internal sealed record ProgramRun(int ExitCode, string Output)
{
    /// <summary>Runs a program and waits for it.</summary>
    public static ProgramRun Of(string program, IEnumerable<string> arguments) => OfAsync(program, arguments, CancellationToken.None).GetAwaiter().GetResult();

    /// <summary>Runs a program in the root folder (its user may not be allowed into ours), in the C locale, and waits for it; when the wait is cancelled the program is ended.</summary>
    public static async Task<ProgramRun> OfAsync(string program, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        start.Environment["LC_ALL"] = "C";
        using Process process = Process.Start(start) ?? throw new EmbeddedPostgresException($"{program} could not be started.");
        process.StandardInput.Close();
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            Task<string> errors = process.StandardError.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return new(process.ExitCode, (await output + await errors).Trim());
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw;
        }
    }
}

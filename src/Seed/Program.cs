using System.Runtime.InteropServices;
using PhysioActors.Seed.Commands;

// The first signal asks the command to end in its own time, the second ends the process as it would without us.
using var ending = new CancellationTokenSource();
using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
return await PhysioCommandLine.RunAsync(args, CommandHost.OfProcess(), ending.Token).ConfigureAwait(false);

void End(PosixSignalContext context)
{
    if (ending.IsCancellationRequested)
        return;
    context.Cancel = true;
    ending.Cancel();
}

using PhysioActors.Shared.Patients;

namespace PhysioActors.Seed.Commands;

/// <summary>A patient named on the command line.</summary>
internal static class PatientArgument
{
    /// <summary>The canonical key; the standard namespace where none is named.</summary>
    /// <exception cref="CommandFailedException">It is no patient's id.</exception>
    public static string Canonical(string text) => PatientKey.TryParse(text, out string canonical, out string problem)
        ? canonical
        : throw new CommandFailedException($"'{text}' is no patient: it {problem}.", "A patient is namespace:id; without a namespace, 'default' is meant.", ExitCodes.Usage);
}

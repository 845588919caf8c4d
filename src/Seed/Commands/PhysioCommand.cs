using System.CommandLine;

namespace PhysioActors.Seed.Commands;

/// <summary>A command of the program: a name, what it does, and examples that its help shows.</summary>
/// <param name="name">As it is typed.</param>
/// <param name="description">What it does, a sentence or two.</param>
/// <param name="examples">Command lines without the program's name, each with what it is for.</param>
internal abstract class PhysioCommand(string name, string description, IReadOnlyList<(string Arguments, string Purpose)> examples) : Command(name, description)
{
    /// <summary>Command lines without the program's name, each with what it is for.</summary>
    public IReadOnlyList<(string Arguments, string Purpose)> Examples { get; } = examples;
}

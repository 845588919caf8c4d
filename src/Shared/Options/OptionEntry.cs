namespace PhysioActors.Shared.Options;

/// <summary>One configured value and where it was said, so that an error can point there.</summary>
/// <param name="Key">The path of the option, its parts joined by colons, as <c>Runtime:SnapshotEvery</c>; case does not matter.</param>
/// <param name="Value">What it was set to.</param>
/// <param name="Source">Where: a file's name, an environment variable, <c>command line</c>.</param>
public readonly record struct OptionEntry(string Key, string Value, string Source);

using System.Text;

namespace PhysioActors.Shared.Commands;

/// <summary>The words of commands in their JSON form. Upper and lower case are told apart.</summary>
public static class CommandWords
{
    private static readonly string[] Kinds =
    [
        "", "acknowledge", "audio-pause", "alarm-pause", "resume", "set-limits", "set-demographics", "set-spo2-scale", "set-oxygen", "set-consciousness", "confirm-weight",
    ];

    private static readonly string[] AgeClasses = ["", "neonate", "infant", "toddler", "preschool", "school", "adolescent", "adult"];
    private static readonly string[] OxygenStatuses = ["", "air", "oxygen"];
    private static readonly string[] Levels = ["", "alert", "confusion", "voice", "pain", "unresponsive"];

    /// <summary>All words of kinds, for messages to people.</summary>
    internal static string AllKinds { get; } = List(Kinds);

    /// <summary>All words of age classes, for messages to people.</summary>
    internal static string AllAgeClasses { get; } = List(AgeClasses);

    /// <summary>All words of oxygen statuses, for messages to people.</summary>
    internal static string AllOxygenStatuses { get; } = List(OxygenStatuses);

    /// <summary>All words of levels of consciousness, for messages to people.</summary>
    internal static string AllLevels { get; } = List(Levels);

    /// <summary>The word of a kind, as <c>audio-pause</c>.</summary>
    public static string Text(CommandKind kind) => Kinds[(int)kind];

    /// <summary>The word of an age class; the empty text for an unknown one.</summary>
    public static string Text(AgeClass ageClass) => AgeClasses[(int)ageClass];

    /// <summary>The word of an oxygen status; the empty text for an unknown one.</summary>
    public static string Text(OxygenStatus oxygen) => OxygenStatuses[(int)oxygen];

    /// <summary>The word of a level of consciousness; the empty text for an unknown one.</summary>
    public static string Text(Consciousness level) => Levels[(int)level];

    internal static bool TryFindKind(ReadOnlySpan<byte> word, out int number) => TryFind(Kinds, word, out number);

    internal static bool TryFindAgeClass(ReadOnlySpan<byte> word, out int number) => TryFind(AgeClasses, word, out number);

    internal static bool TryFindOxygen(ReadOnlySpan<byte> word, out int number) => TryFind(OxygenStatuses, word, out number);

    internal static bool TryFindLevel(ReadOnlySpan<byte> word, out int number) => TryFind(Levels, word, out number);

    private static bool TryFind(string[] words, ReadOnlySpan<byte> word, out int number)
    {
        for (number = 1; number < words.Length; number++)
        {
            if (Ascii.Equals(word, words[number]))
                return true;
        }

        return false;
    }

    private static string List(string[] words) => string.Join(", ", words.Skip(1).Select(word => $"'{word}'"));
}

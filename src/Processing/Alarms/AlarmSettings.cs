using System.Globalization;
using System.Text;

namespace PhysioActors.Processing.Alarms;

/// <summary>How the alarms of a condition behave. All times in milliseconds.</summary>
/// <param name="OnsetMs">How long the condition must last before its alarm begins; 0 for at once.</param>
/// <param name="ClearMs">How long it must be gone before the alarm ends; 0 for at once.</param>
/// <param name="LostMs">How long it may be unknown, as with the sensor off, before the alarm ends; 0 for at once.</param>
/// <param name="Latches">True when the alarm stays after the condition went, until a person acknowledges it. Lethal conditions latch whatever is said here.</param>
/// <param name="EscalateMs">After so long without acknowledgement an alarm of medium priority becomes one of high priority; 0 for never.</param>
/// <param name="ReminderMs">After so long an acknowledged alarm whose condition lasts is told again; 0 for never.</param>
/// <param name="Reminders">With this reminder in a row the acknowledgement lapses, and the alarm sounds as a new one does.</param>
/// <param name="UpdateMs">An open alarm is updated for what it rests on at most once in this time.</param>
/// <param name="UnmeasuredMs">How long the alarm of what was measured now and then stays open when nobody measures it again; 0 for not at all.</param>
public readonly record struct AlarmTiming(int OnsetMs, int ClearMs, int LostMs, bool Latches, int EscalateMs, int ReminderMs, int Reminders, int UpdateMs, int UnmeasuredMs);

/// <summary>How alarms behave: the configuration that decides. Decisions are journaled, so that a change changes nothing in the past.</summary>
public sealed class AlarmSettings
{
    private const int Second = 1000;
    private const int Minute = 60 * Second;
    private const int LongestMs = 24 * 60 * Minute;

    // Without at least this the reminders of a long silence of the log would come as a flood.
    private const int ShortestReminderMs = Second;
    private const int MaximumReminders = 100;

    private readonly AlarmTiming[] _timings = new AlarmTiming[AlarmConditions.Count];
    private readonly bool[] _latches = new bool[AlarmConditions.Count];

    /// <summary>Makes settings.</summary>
    /// <param name="overrides">Conditions that are to behave otherwise than usual.</param>
    /// <exception cref="ArgumentException">A time is negative or longer than a day, reminders follow each other within a second, or there are none or too many.</exception>
    public AlarmSettings(IReadOnlyDictionary<ConditionId, AlarmTiming>? overrides = null)
    {
        var text = new StringBuilder();
        foreach (AlarmCondition condition in AlarmConditions.All)
        {
            AlarmTiming timing = overrides is not null && overrides.TryGetValue(condition.Id, out AlarmTiming other) ? other : Usual(condition);
            Check(condition, timing);
            _timings[(int)condition.Id] = timing;
            _latches[(int)condition.Id] = condition.IsLethal || timing.Latches;
            text.Append(CultureInfo.InvariantCulture, $"{condition.Name} {timing}\n");
        }

        Text = text.ToString();
    }

    /// <summary>
    /// The usual behaviour. Limits: 10 s of onset and of clearing delay, as the clinical rules have them. Rhythms, scores and the model: no delay, as their detectors look at a stretch of time already; only, a score must be below its triggers for a minute, as it is computed with every value.
    /// Sensor off: 10 s; no data, a lost ECG and a lost signal are told by deadlines of their own. A condition may be unknown for 30 s, a score for a day, and so may a limit of what was measured now and then. A limit or rhythm of medium priority escalates after 2 minutes (the chart of a score gives an hour and more), an acknowledged alarm is told again each 3 minutes, up to 20 times (an hour).
    /// </summary>
    public static AlarmSettings Default { get; } = new();

    /// <summary>All settings as text: changes with any of them, for the fingerprint of a configuration.</summary>
    public string Text { get; }

    /// <summary>How the alarms of a condition behave.</summary>
    public ref readonly AlarmTiming Of(ConditionId id) => ref _timings[(int)id];

    /// <summary>True when the alarms of a condition latch.</summary>
    public bool Latches(ConditionId id) => _latches[(int)id];

    /// <summary>The usual behaviour of a condition's alarms.</summary>
    public static AlarmTiming Usual(AlarmCondition condition)
    {
        ArgumentNullException.ThrowIfNull(condition);
        bool delayed = condition.Kind == ConditionKind.Limit || (condition.IsTechnical && !condition.IsOfDeadline);
        return new(
            OnsetMs: delayed ? 10 * Second : 0,
            ClearMs: condition.Kind switch
            {
                ConditionKind.Limit => 10 * Second,
                ConditionKind.Score => Minute,
                _ => 0,
            },
            LostMs: condition.Kind switch
            {
                ConditionKind.Technical => 0,
                // What is missing may have points: a score that cannot be told any more is not over.
                ConditionKind.Score => LongestMs,
                _ => 30 * Second,
            },
            Latches: condition.IsLethal,
            EscalateMs: condition.Kind is ConditionKind.Limit or ConditionKind.Rhythm ? 2 * Minute : 0,
            ReminderMs: 3 * Minute,
            Reminders: 20,
            UpdateMs: condition.Kind == ConditionKind.Score ? Minute : 10 * Second,
            // A spot check says how the patient is until the next one: who is measured each four hours is not well again after half a minute.
            UnmeasuredMs: condition.Kind == ConditionKind.Limit ? LongestMs : 0);
    }

    private static void Check(AlarmCondition condition, in AlarmTiming timing)
    {
        foreach (int time in new[] { timing.OnsetMs, timing.ClearMs, timing.LostMs, timing.EscalateMs, timing.ReminderMs, timing.UpdateMs, timing.UnmeasuredMs })
        {
            if (time is < 0 or > LongestMs)
                throw new ArgumentException($"A time of alarms of {condition.Name} is {time} ms; it must be from 0 to {LongestMs}.");
        }

        if (timing.ReminderMs is > 0 and < ShortestReminderMs)
            throw new ArgumentException($"Reminders of {condition.Name} come each {timing.ReminderMs} ms; at least {ShortestReminderMs} must lie between them.");
        if (timing.Reminders is < 1 or > MaximumReminders)
            throw new ArgumentException($"Alarms of {condition.Name} are told again {timing.Reminders} times; it must be 1 to {MaximumReminders}.");
    }
}

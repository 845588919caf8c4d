using System.Text;

namespace PhysioActors.Shared.Signals;

/// <summary>
/// The one table of codes. The ranges are what a body or its sensor can physically show, not what is healthy: a flushed pressure line reads above 300 or below 0 mm[Hg],
/// a heart in asystole beats 0 times a minute. What a recording writes for 'no value' is the business of whoever reads that recording.
/// </summary>
public static class SignalCodes
{
    /// <summary>One more than the highest code number: the length of an array indexed by code.</summary>
    public const int Count = 19;

    private const int SearchSlots = 256;

    // Indexed by code. Minimum and maximum are given in steps, so that every figure derived from them is an exact integer.
    private static readonly Row[] Rows =
    [
        default,
        new(SignalCode.HeartRate, "hr", "Heart rate", "8867-4", "/min", 0, 3500, 1),
        new(SignalCode.PulseRate, "pr", "Pulse rate", "8889-8", "/min", 0, 3500, 1),
        new(SignalCode.SpO2, "spo2", "Oxygen saturation (pulse oximetry)", "59408-5", "%", 0, 1000, 1),
        new(SignalCode.RespiratoryRate, "rr", "Respiratory rate", "9279-1", "/min", 0, 2000, 1),
        new(SignalCode.ArterialSystolic, "abp-sys", "Arterial pressure, invasive, systolic", "76215-3", "mm[Hg]", -500, 4000, 1),
        new(SignalCode.ArterialDiastolic, "abp-dia", "Arterial pressure, invasive, diastolic", "76213-8", "mm[Hg]", -500, 4000, 1),
        new(SignalCode.ArterialMean, "abp-mean", "Arterial pressure, invasive, mean", "76214-6", "mm[Hg]", -500, 4000, 1),
        new(SignalCode.CuffSystolic, "nbp-sys", "Blood pressure, non-invasive, systolic", "76534-7", "mm[Hg]", 0, 4000, 1),
        new(SignalCode.CuffDiastolic, "nbp-dia", "Blood pressure, non-invasive, diastolic", "76535-4", "mm[Hg]", 0, 4000, 1),
        new(SignalCode.CuffMean, "nbp-mean", "Blood pressure, non-invasive, mean", "76536-2", "mm[Hg]", 0, 4000, 1),
        new(SignalCode.PulmonarySystolic, "pap-sys", "Pulmonary artery pressure, systolic", "8440-0", "mm[Hg]", -500, 3000, 1),
        new(SignalCode.PulmonaryDiastolic, "pap-dia", "Pulmonary artery pressure, diastolic", "8385-7", "mm[Hg]", -500, 3000, 1),
        new(SignalCode.PulmonaryMean, "pap-mean", "Pulmonary artery pressure, mean", "8414-5", "mm[Hg]", -500, 3000, 1),
        new(SignalCode.CoreTemperature, "temp-core", "Body temperature, core", "8310-5", "Cel", 500, 5000, 2),
        new(SignalCode.SkinTemperature, "temp-skin", "Skin temperature", "39106-0", "Cel", 0, 6000, 2),
        new(SignalCode.EtCO2, "etco2", "End-tidal carbon dioxide", "19891-1", "mm[Hg]", 0, 2000, 1),
        new(SignalCode.FiO2, "fio2", "Inspired oxygen", "3150-6", "%", 50, 1000, 1),
        new(SignalCode.Weight, "weight", "Body weight", "29463-7", "kg", 20, 65000, 2),
    ];

    // Further LOINC codes that mean the same signal and no other.
    private static readonly (string Loinc, SignalCode Code)[] Synonyms =
    [
        ("2708-6", SignalCode.SpO2), ("8329-5", SignalCode.CoreTemperature), ("19994-3", SignalCode.FiO2), ("3141-9", SignalCode.Weight),
    ];

    private static readonly double[] Powers = [1, 10, 100];

    private static readonly SignalCodeInfo[] Infos = Array.ConvertAll(Rows, row => row.Info());
    private static readonly SearchEntry[] Search = BuildSearch();

    private readonly record struct Row(SignalCode Code, string Name, string Display, string Loinc, string Ucum, int First, int Last, int Decimals)
    {
        public SignalCodeInfo Info() => Code == SignalCode.None
            ? new(SignalCode.None, "", "", "", "", 0, 0, 1, 0)
            : new(Code, Name, Display, Loinc, Ucum, First / Powers[Decimals], Last / Powers[Decimals], 1 / Powers[Decimals], Decimals);
    }

    private readonly record struct SearchEntry(byte[]? Text, SignalCode Code);

    /// <summary>The codes, without <see cref="SignalCode.None"/>, by number.</summary>
    public static ReadOnlySpan<SignalCodeInfo> All => Infos.AsSpan(1);

    /// <summary>What the table says of <paramref name="code"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is no code's.</exception>
    public static ref readonly SignalCodeInfo Get(SignalCode code)
    {
        if ((uint)code - 1 >= Count - 1)
            ThrowNoCode(code);
        return ref Infos[(int)code];
    }

    /// <summary>Finds a code by its short name or by a LOINC code that means it alone. Upper and lower case are told apart.</summary>
    public static bool TryFind(ReadOnlySpan<byte> utf8NameOrLoinc, out SignalCode code)
    {
        for (uint at = Hash(utf8NameOrLoinc) % SearchSlots; Search[at].Text is { } text; at = (at + 1) % SearchSlots)
        {
            if (utf8NameOrLoinc.SequenceEqual(text))
            {
                code = Search[at].Code;
                return true;
            }
        }

        code = SignalCode.None;
        return false;
    }

    /// <summary>
    /// Brings a value in the code's unit to steps above the code's minimum, half a step to the even neighbour. Only a multiplication and a rounding,
    /// both exact by IEEE 754, so that every machine finds the same steps.
    /// </summary>
    /// <returns>False when the value is no number or lies outside the physically possible range.</returns>
    public static bool Quantise(SignalCode code, double value, out ushort steps)
    {
        ref readonly SignalCodeInfo info = ref Get(code);
        if (!(value >= info.Minimum && value <= info.Maximum))
        {
            steps = 0;
            return false;
        }

        steps = (ushort)((int)Math.Round(value * Powers[info.Decimals], MidpointRounding.ToEven) - Rows[(int)code].First);
        return true;
    }

    /// <summary>The value that <paramref name="steps"/> stand for, in the code's unit: the double nearest to the decimal number.</summary>
    public static double ToValue(SignalCode code, ushort steps) => (double)ToCount(code, steps) / Powers[Get(code).Decimals];

    /// <summary>The value that <paramref name="steps"/> stand for, as a whole number of the code's resolution.</summary>
    internal static int ToCount(SignalCode code, ushort steps)
    {
        if ((uint)code - 1 >= Count - 1)
            ThrowNoCode(code);
        return Rows[(int)code].First + steps;
    }

    private static SearchEntry[] BuildSearch()
    {
        var table = new SearchEntry[SearchSlots];
        foreach (Row row in Rows.AsSpan(1))
        {
            Add(row.Name, row.Code);
            Add(row.Loinc, row.Code);
        }

        foreach ((string loinc, SignalCode code) in Synonyms)
            Add(loinc, code);
        return table;

        void Add(string text, SignalCode code)
        {
            byte[] bytes = Encoding.ASCII.GetBytes(text);
            uint at = Hash(bytes) % SearchSlots;
            while (table[at].Text is not null)
                at = (at + 1) % SearchSlots;
            table[at] = new(bytes, code);
        }
    }

    private static uint Hash(ReadOnlySpan<byte> text)
    {
        uint hash = (uint)text.Length;
        foreach (byte next in text.Length > 12 ? text[..12] : text)
            hash = (hash ^ next) * 16777619;
        return hash ^ (hash >> 15);
    }

    private static void ThrowNoCode(SignalCode code) =>
        throw new ArgumentOutOfRangeException(nameof(code), $"{(int)code} is not the number of a signal code.");
}

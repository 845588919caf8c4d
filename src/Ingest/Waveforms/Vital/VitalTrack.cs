using PhysioActors.Shared.Signals;

namespace PhysioActors.Ingest.Waveforms.Vital;

/// <summary>What the records of a track hold; the numbers are the format's.</summary>
public enum VitalKind
{
    /// <summary>Something that the format does not know; its records are passed over.</summary>
    Unknown = 0,

    /// <summary>Samples at a rate.</summary>
    Wave = 1,

    /// <summary>One number.</summary>
    Number = 2,

    /// <summary>A text.</summary>
    Text = 5,
}

/// <summary>How a track stores a number; the numbers are the format's.</summary>
public enum VitalForm
{
    /// <summary>None: texts.</summary>
    None = 0,

    /// <summary>32 bits, IEEE 754.</summary>
    Single = 1,

    /// <summary>64 bits, IEEE 754.</summary>
    Double = 2,

    /// <summary>8 bits with sign.</summary>
    Int8 = 3,

    /// <summary>8 bits.</summary>
    UInt8 = 4,

    /// <summary>16 bits with sign.</summary>
    Int16 = 5,

    /// <summary>16 bits.</summary>
    UInt16 = 6,

    /// <summary>32 bits with sign.</summary>
    Int32 = 7,

    /// <summary>32 bits.</summary>
    UInt32 = 8,
}

/// <summary>What the file says of a track. Two tracks of which it says the same are one track.</summary>
/// <param name="Device">The name of the device; empty for Vital Recorder's own tracks.</param>
/// <param name="DeviceId">The device's number in the file.</param>
/// <param name="Name">The track's name, as ECG_II.</param>
/// <param name="Unit">The unit of its values; empty for none.</param>
/// <param name="Kind">What its records hold.</param>
/// <param name="Form">How they store it.</param>
/// <param name="Hertz">Samples in a second; of waves only.</param>
/// <param name="Gain">What one step means in the unit; 1 where the file says 0 or nothing.</param>
/// <param name="Offset">What step 0 means in the unit.</param>
/// <param name="Meaning">The physiological meaning ("montype"); 0 when the file does not say.</param>
public sealed record VitalTrackInfo(string Device, uint DeviceId, string Name, string Unit, VitalKind Kind, VitalForm Form, float Hertz, double Gain, double Offset, byte Meaning)
{
    /// <summary>Device and track, as Intellivue/ECG_II.</summary>
    public string FullName => Device.Length == 0 ? Name : $"{Device}/{Name}";
}

/// <summary>A number that a track recorded.</summary>
/// <param name="Time">When, seconds since 1970 UTC.</param>
/// <param name="Value">The value in the track's unit; NaN where the file says that there is none.</param>
public readonly record struct VitalNumber(double Time, double Value);

/// <summary>Samples of a track that follow each other at its rate.</summary>
/// <param name="Time">When the first was taken, seconds since 1970 UTC.</param>
/// <param name="First">Where it lies among the track's samples.</param>
/// <param name="Count">How many there are.</param>
public readonly record struct VitalPacket(double Time, int First, int Count);

/// <summary>A track with what was recorded on it, in the order of the file.</summary>
public sealed class VitalTrack
{
    private readonly List<VitalNumber> _numbers = [];
    private readonly List<VitalPacket> _packets = [];
    private readonly List<short> _steps = [];
    private readonly List<float> _values = [];

    internal VitalTrack(VitalTrackInfo info, bool isKept)
    {
        Info = info;
        IsKept = isKept;
    }

    /// <summary>What the file says of the track.</summary>
    public VitalTrackInfo Info { get; }

    /// <summary>Whether its values were asked for. Of others the records are counted only.</summary>
    public bool IsKept { get; }

    /// <summary>How many records it has.</summary>
    public int Records { get; private set; }

    /// <summary>How many samples its records have; of waves only.</summary>
    public long Samples { get; private set; }

    /// <summary>The earliest time of a record, seconds since 1970 UTC.</summary>
    public double FirstTime { get; private set; } = double.PositiveInfinity;

    /// <summary>The latest time of a record, seconds since 1970 UTC.</summary>
    public double LastTime { get; private set; } = double.NegativeInfinity;

    /// <summary>Records whose time is none between 1970 and 9999; they are passed over and not among <see cref="Records"/>.</summary>
    public int RecordsWithoutTime { get; internal set; }

    /// <summary>The values of a track of numbers.</summary>
    public IReadOnlyList<VitalNumber> Numbers => _numbers;

    /// <summary>The packets of a wave.</summary>
    public IReadOnlyList<VitalPacket> Packets => _packets;

    /// <summary>
    /// Whether the samples of a wave are kept as the steps that the file has (8 and 16 bits), and not as values. Of unsigned ones with 16 bits a step is <see cref="StepShift"/> less than the file has it.
    /// </summary>
    public bool IsInSteps => Info.Form is VitalForm.Int8 or VitalForm.UInt8 or VitalForm.Int16 or VitalForm.UInt16;

    /// <summary>What <see cref="Steps"/> are less than the file's.</summary>
    public int StepShift => Info.Form == VitalForm.UInt16 ? short.MaxValue : 0;

    /// <summary>The steps of a wave; <see cref="WaveformSignals.Missing"/> where there is no value. Empty unless <see cref="IsInSteps"/>.</summary>
    public ReadOnlySpan<short> Steps => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_steps);

    /// <summary>The values of a wave in its unit; NaN where there is none. Empty if <see cref="IsInSteps"/>.</summary>
    public ReadOnlySpan<float> Values => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_values);

    internal int StepsKept => Math.Max(_steps.Count, _values.Count);

    internal void Count(double time)
    {
        Records++;
        FirstTime = Math.Min(FirstTime, time);
        LastTime = Math.Max(LastTime, time);
    }

    internal void CountSamples(long count) => Samples += count;

    internal void Add(VitalNumber number) => _numbers.Add(number);

    internal void Add(VitalPacket packet) => _packets.Add(packet);

    internal void AddStep(short step) => _steps.Add(step);

    internal void AddValue(float value) => _values.Add(value);

    /// <summary>Forgets all records, as the command to reset events demands.</summary>
    internal void Reset()
    {
        Records = 0;
        (FirstTime, LastTime) = (double.PositiveInfinity, double.NegativeInfinity);
    }
}

using System.Text;

using PhysioActors.Shared.Binary;
using PhysioActors.Shared.Json;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Shared.Observations;

/// <summary>
/// Writes observations for the inbound topic. One writer serves one thread; its buffers are kept, so that writing allocates nothing once they have grown.
/// Values are written in the code's own unit (the unit is left out then) and with the code's decimals.
/// </summary>
public sealed class ObservationWriter
{
    private static readonly byte[][] CodePieces = [.. Enumerable.Range(0, SignalCodes.Count)
        .Select(code => code == 0 ? [] : Encoding.ASCII.GetBytes($"{{\"code\":\"{SignalCodes.Get((SignalCode)code).Name}\""))];
    private static readonly byte[][] CodeNames = [.. Enumerable.Range(0, SignalCodes.Count)
        .Select(code => code == 0 ? [] : Encoding.ASCII.GetBytes(SignalCodes.Get((SignalCode)code).Name))];
    private static readonly byte[][] QualityPieces = [.. ReadingWords.Qualities.Select(word => Encoding.ASCII.GetBytes($",\"quality\":\"{word}\""))];
    private static readonly byte[][] SourcePieces = [.. ReadingWords.Sources.Select(word => Encoding.ASCII.GetBytes($",\"source\":\"{word}\""))];

    private readonly JsonBuffer _json = new(1024);
    private readonly PayloadWriter _protobuf = new(512);
    private readonly PayloadWriter _reading = new(128);

    /// <summary>Writes an observation as JSON.</summary>
    /// <returns>The bytes, valid until the next call of this writer.</returns>
    /// <exception cref="ArgumentException">A value is not finite, or a code is none: no message can say that.</exception>
    public ReadOnlySpan<byte> WriteJson(ObservationDraft draft)
    {
        ArgumentNullException.ThrowIfNull(draft);
        JsonBuffer json = _json;
        json.Clear();
        json.Raw("{\"v\":1,\"patient\":"u8);
        json.Text(draft.Patient);
        if (draft.Encounter is not null)
        {
            json.Raw(",\"encounter\":"u8);
            json.Text(draft.Encounter);
        }

        if (draft.Device is not null)
        {
            json.Raw(",\"device\":"u8);
            json.Text(draft.Device);
        }

        if (draft.Session is not null)
        {
            json.Raw(",\"session\":"u8);
            json.Text(draft.Session);
        }

        if (draft.Sequence >= 0)
        {
            json.Raw(",\"sequence\":"u8);
            json.Integer(draft.Sequence);
        }

        json.Raw(",\"time\":"u8);
        json.Time(draft.TimeMs);
        if (draft.IntervalMs > 0)
        {
            json.Raw(",\"interval\":"u8);
            json.Fixed(draft.IntervalMs, 3);
        }

        json.Raw(",\"readings\":["u8);
        for (int i = 0; i < draft.Readings.Count; i++)
        {
            if (i > 0)
                json.Raw(","u8);
            WriteReading(draft.Readings[i]);
        }

        json.Raw("]}"u8);
        return json.Written;
    }

    /// <summary>Writes an observation as protobuf (<c>physio.v1.Observation</c>).</summary>
    /// <returns>The bytes, valid until the next call of this writer.</returns>
    /// <exception cref="ArgumentException">A value is not finite, or a code is none.</exception>
    public ReadOnlySpan<byte> WriteProtobuf(ObservationDraft draft)
    {
        ArgumentNullException.ThrowIfNull(draft);
        PayloadWriter to = _protobuf;
        to.Truncate();
        to.Byte(1 << 3);
        to.Byte(1);
        WriteText(to, 2, draft.Patient);
        WriteText(to, 3, draft.Encounter);
        WriteText(to, 4, draft.Device);
        WriteText(to, 5, draft.Session);
        if (draft.Sequence >= 0)
        {
            to.Byte(6 << 3);
            to.Unsigned((ulong)draft.Sequence);
        }

        to.Byte(7 << 3);
        to.Unsigned((ulong)draft.TimeMs);
        if (draft.IntervalMs > 0)
        {
            to.Byte((8 << 3) | 1);
            to.Double(draft.IntervalMs / 1000.0);
        }

        for (int i = 0; i < draft.Readings.Count; i++)
        {
            WriteReading(_reading, draft.Readings[i]);
            to.Byte((9 << 3) | 2);
            to.Bytes(_reading.Written);
        }

        return to.Written;
    }

    private static void WriteReading(PayloadWriter to, in DraftReading reading)
    {
        CheckCode(reading);
        to.Truncate();
        to.Byte((1 << 3) | 2);
        to.Bytes(CodeNames[(int)reading.Code]);
        if (reading.Absent is null)
        {
            CheckValue(reading);
            to.Byte((2 << 3) | 1);
            to.Double(SignalCodes.Quantise(reading.Code, reading.Value, out ushort steps) ? SignalCodes.ToValue(reading.Code, steps) : reading.Value);
        }

        if (reading.TimeMs is { } time)
        {
            to.Byte(4 << 3);
            to.Unsigned((ulong)time);
        }

        if (reading.Quality != ReadingQuality.Ok)
        {
            to.Byte(5 << 3);
            to.Byte((byte)reading.Quality);
        }

        if (reading.Source != ReadingSource.Unspecified)
        {
            to.Byte(6 << 3);
            to.Byte((byte)reading.Source);
        }

        WriteText(to, 7, reading.Absent);
    }

    private static void WriteText(PayloadWriter to, int field, string? text)
    {
        if (string.IsNullOrEmpty(text))
            return;
        to.Byte((byte)((field << 3) | 2));
        to.Text(text);
    }

    private void WriteReading(in DraftReading reading)
    {
        CheckCode(reading);
        JsonBuffer json = _json;
        json.Raw(CodePieces[(int)reading.Code]);
        if (reading.Absent is null)
        {
            CheckValue(reading);
            json.Raw(",\"value\":"u8);
            int decimals = SignalCodes.Get(reading.Code).Decimals;
            if (SignalCodes.Quantise(reading.Code, reading.Value, out ushort steps))
                json.Fixed(SignalCodes.ToCount(reading.Code, steps), decimals);
            else
                json.Number(reading.Value, decimals);
        }
        else
        {
            json.Raw(",\"absent\":"u8);
            json.Text(reading.Absent);
        }

        if (reading.TimeMs is { } time)
        {
            json.Raw(",\"time\":"u8);
            json.Time(time);
        }

        if (reading.Quality != ReadingQuality.Ok)
            json.Raw(QualityPieces[(int)reading.Quality]);
        if (reading.Source != ReadingSource.Unspecified)
            json.Raw(SourcePieces[(int)reading.Source]);
        json.Raw("}"u8);
    }

    private static void CheckCode(in DraftReading reading)
    {
        if ((uint)reading.Code - 1 >= SignalCodes.Count - 1)
            throw new ArgumentException($"A reading has the code {(int)reading.Code}, which is none.");
    }

    private static void CheckValue(in DraftReading reading)
    {
        if (!double.IsFinite(reading.Value))
            throw new ArgumentException($"The reading {reading.Code} has the value {reading.Value}: give the reason for its absence instead.");
    }
}

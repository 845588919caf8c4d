using System.Buffers.Text;
using System.Runtime.InteropServices;
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

    private static readonly byte[][] WaveformNames = [.. Enumerable.Range(0, WaveformSignals.Count)
        .Select(signal => signal == 0 ? [] : Encoding.ASCII.GetBytes(WaveformSignals.Get((WaveformSignal)signal).Name))];

    private readonly byte[] _number = new byte[32];
    private readonly JsonBuffer _json = new(1024);
    private readonly PayloadWriter _protobuf = new(512);
    private readonly PayloadWriter _part = new(128);

    /// <summary>Writes an observation as JSON.</summary>
    /// <returns>The bytes, valid until the next call of this writer.</returns>
    /// <exception cref="ArgumentException">A value is not finite, a code is none, or a waveform is out of its bounds: no message can say that.</exception>
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

        // A message of waveforms alone has no readings; one of neither says that it has none.
        if (draft.Readings.Count > 0 || draft.Waveforms.Count == 0)
            WriteReadings(draft);
        if (draft.Waveforms.Count > 0)
            WriteWaveforms(draft);
        json.Raw("}"u8);
        return json.Written;
    }

    /// <summary>Writes an observation as protobuf (<c>physio.v1.Observation</c>).</summary>
    /// <returns>The bytes, valid until the next call of this writer.</returns>
    /// <exception cref="ArgumentException">A value is not finite, a code is none, or a waveform is out of its bounds.</exception>
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
            WriteReading(_part, draft.Readings[i]);
            to.Byte((9 << 3) | 2);
            to.Bytes(_part.Written);
        }

        for (int i = 0; i < draft.Waveforms.Count; i++)
        {
            WriteWaveform(_part, draft.Waveforms[i], draft.TimeMs);
            to.Byte((10 << 3) | 2);
            to.Bytes(_part.Written);
        }

        return to.Written;
    }

    private static void WriteWaveform(PayloadWriter to, in WaveformChunk chunk, long observationMs)
    {
        CheckWaveform(chunk);
        to.Truncate();
        to.Byte((1 << 3) | 2);
        to.Bytes(WaveformNames[(int)chunk.Signal]);
        to.Byte((2 << 3) | 1);
        to.Double(chunk.RateMilliHz / 1000.0);
        to.Byte((3 << 3) | 1);
        to.Double(chunk.Gain);
        if (chunk.Baseline != 0)
        {
            to.Byte(4 << 3);
            to.Signed(chunk.Baseline);
        }

        if (chunk.TimeMs != observationMs)
        {
            to.Byte(5 << 3);
            to.Unsigned((ulong)chunk.TimeMs);
        }

        to.Byte((6 << 3) | 2);
        ReadOnlySpan<short> samples = chunk.Samples.Span;
        if (BitConverter.IsLittleEndian)
        {
            to.Bytes(MemoryMarshal.AsBytes(samples));
            return;
        }

        to.Unsigned((ulong)samples.Length * 2);
        foreach (short sample in samples)
        {
            to.Byte((byte)sample);
            to.Byte((byte)(sample >> 8));
        }
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

    private void WriteReadings(ObservationDraft draft)
    {
        _json.Raw(",\"readings\":["u8);
        for (int i = 0; i < draft.Readings.Count; i++)
        {
            if (i > 0)
                _json.Raw(","u8);
            WriteReading(draft.Readings[i]);
        }

        _json.Raw("]"u8);
    }

    private void WriteWaveforms(ObservationDraft draft)
    {
        JsonBuffer json = _json;
        json.Raw(",\"waveforms\":["u8);
        for (int i = 0; i < draft.Waveforms.Count; i++)
        {
            WaveformChunk chunk = draft.Waveforms[i];
            CheckWaveform(chunk);
            json.Raw(i == 0 ? "{\"signal\":\""u8 : ",{\"signal\":\""u8);
            json.Raw(WaveformNames[(int)chunk.Signal]);
            json.Raw("\",\"rate\":"u8);
            json.Fixed(chunk.RateMilliHz, 3);
            json.Raw(",\"gain\":"u8);
            Utf8Formatter.TryFormat(chunk.Gain, _number, out int length);
            json.Raw(_number.AsSpan(0, length));
            if (chunk.Baseline != 0)
            {
                json.Raw(",\"baseline\":"u8);
                json.Integer(chunk.Baseline);
            }

            if (chunk.TimeMs != draft.TimeMs)
            {
                json.Raw(",\"time\":"u8);
                json.Time(chunk.TimeMs);
            }

            WriteSamples(chunk.Samples.Span);
            json.Raw("}"u8);
        }

        json.Raw("]"u8);
    }

    private void WriteSamples(ReadOnlySpan<short> samples)
    {
        _json.Raw(",\"samples\":["u8);
        for (int i = 0; i < samples.Length; i++)
        {
            if (i > 0)
                _json.Raw(","u8);
            if (samples[i] == WaveformSignals.Missing)
                _json.Raw("null"u8);
            else
                _json.Integer(samples[i]);
        }

        _json.Raw("]"u8);
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

    private static void CheckWaveform(in WaveformChunk chunk)
    {
        if ((uint)chunk.Signal - 1 >= WaveformSignals.Count - 1)
            throw new ArgumentException($"A waveform has the signal {(int)chunk.Signal}, which is none.");
        if (!WaveformBounds.TryRate(chunk.RateMilliHz / 1000.0, out _) || !WaveformBounds.TryGain(chunk.Gain, out _) || chunk.Baseline is < -WaveformBounds.MaximumBaseline or > WaveformBounds.MaximumBaseline)
            throw new ArgumentException($"The waveform {chunk.Signal} has the rate {chunk.RateMilliHz} mHz, the gain {chunk.Gain} and the baseline {chunk.Baseline}, of which one is out of its bounds.");
        if (chunk.Samples.Length < 1 || chunk.Samples.Length > WaveformBounds.MostSamples(chunk.RateMilliHz))
            throw new ArgumentException($"The waveform {chunk.Signal} has {chunk.Samples.Length} samples; at this rate a chunk has 1 to {WaveformBounds.MostSamples(chunk.RateMilliHz)}.");
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

using System.Text;

using PhysioActors.Shared.Json;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Shared.Estimates;

/// <summary>
/// Writes estimates as JSON in the hot path: <see cref="Begin(ReadOnlySpan{byte}, long, long)"/>, then each signal, then <see cref="End"/>. One writer serves one thread and allocates nothing once
/// its buffer has grown. Numbers are rounded: levels, means, deviations to two digits beyond the code's decimals, slopes to three, shares to three decimals; NaN becomes <c>null</c>.
/// </summary>
public sealed class EstimateWriter
{
    private const int LevelDigits = 2;
    private const int SlopeDigits = 3;
    private const int ShareDecimals = 3;

    private static readonly byte[][] CodePieces = [.. Enumerable.Range(0, SignalCodes.Count)
        .Select(code => code == 0 ? [] : Encoding.ASCII.GetBytes($"\"{SignalCodes.Get((SignalCode)code).Name}\":{{\"level\":"))];

    private readonly JsonBuffer _json = new(2048);
    private bool _isFirst;

    /// <summary>Begins a message and forgets the one before.</summary>
    /// <param name="patient">The canonical key in UTF-8.</param>
    /// <param name="sequence">The patient's sequence number in the journal.</param>
    /// <param name="timeMs">Event time, milliseconds since 1970 UTC.</param>
    public void Begin(ReadOnlySpan<byte> patient, long sequence, long timeMs)
    {
        Start();
        _json.Text(patient);
        BeginRest(sequence, timeMs);
    }

    /// <summary>Begins a message and forgets the one before.</summary>
    /// <param name="patient">The canonical key.</param>
    /// <param name="sequence">The patient's sequence number in the journal.</param>
    /// <param name="timeMs">Event time, milliseconds since 1970 UTC.</param>
    public void Begin(string patient, long sequence, long timeMs)
    {
        ArgumentNullException.ThrowIfNull(patient);
        Start();
        _json.Text(patient);
        BeginRest(sequence, timeMs);
    }

    /// <summary>Adds a signal, each code at most once a message.</summary>
    public void Signal(SignalCode code, double level, double levelDeviation, in EstimateWindow seconds30, in EstimateWindow minutes2, in EstimateWindow minutes10)
    {
        int decimals = SignalCodes.Get(code).Decimals;
        JsonBuffer json = _json;
        if (!_isFirst)
            json.Raw(","u8);
        _isFirst = false;
        json.Raw(CodePieces[(int)code]);
        json.Number(level, decimals + LevelDigits);
        json.Raw(",\"sd\":"u8);
        json.Number(levelDeviation, decimals + LevelDigits);
        json.Raw(",\"30s\":"u8);
        Window(seconds30, decimals);
        json.Raw(",\"2m\":"u8);
        Window(minutes2, decimals);
        json.Raw(",\"10m\":"u8);
        Window(minutes10, decimals);
        json.Raw("}"u8);
    }

    /// <summary>Ends the message.</summary>
    /// <returns>The bytes, valid until the next call of this writer.</returns>
    public ReadOnlySpan<byte> End()
    {
        _json.Raw("}}"u8);
        return _json.Written;
    }

    private void Start()
    {
        _json.Clear();
        _json.Raw("{\"v\":1,\"patient\":"u8);
        _isFirst = true;
    }

    private void BeginRest(long sequence, long timeMs)
    {
        _json.Raw(",\"sequence\":"u8);
        _json.Integer(sequence);
        _json.Raw(",\"time\":"u8);
        _json.Time(timeMs);
        _json.Raw(",\"signals\":{"u8);
    }

    private void Window(in EstimateWindow window, int decimals)
    {
        JsonBuffer json = _json;
        json.Raw("{\"count\":"u8);
        json.Integer(window.Count);
        json.Raw(",\"mean\":"u8);
        json.Number(window.Mean, decimals + LevelDigits);
        json.Raw(",\"sd\":"u8);
        json.Number(window.StandardDeviation, decimals + LevelDigits);
        json.Raw(",\"min\":"u8);
        json.Number(window.Minimum, decimals);
        json.Raw(",\"max\":"u8);
        json.Number(window.Maximum, decimals);
        json.Raw(",\"slopePerMinute\":"u8);
        json.Number(window.SlopePerMinute, decimals + SlopeDigits);
        json.Raw(",\"missingShare\":"u8);
        json.Number(window.MissingShare, ShareDecimals);
        json.Raw("}"u8);
    }
}

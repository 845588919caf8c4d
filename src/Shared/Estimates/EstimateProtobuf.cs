using System.Text;

using Google.Protobuf;

using PhysioActors.Shared.Protos.V1;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Shared.Estimates;

/// <summary>The protobuf form of estimates (<c>physio.v1.Estimate</c>): the same content as the JSON form, unrounded.</summary>
public static class EstimateProtobuf
{
    private const int Version = 1;

    /// <summary>Writes an estimate.</summary>
    public static byte[] Write(EstimateMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        var form = new Estimate { V = Version, Patient = message.Patient, Sequence = message.Sequence, TimeMs = message.TimeMs };
        foreach (SignalEstimate signal in message.Signals)
        {
            var part = new Protos.V1.SignalEstimate
            {
                Code = SignalCodes.Get(signal.Code).Name,
                Window30S = Form(signal.Seconds30),
                Window2M = Form(signal.Minutes2),
                Window10M = Form(signal.Minutes10),
            };
            if (!double.IsNaN(signal.Level))
                part.Level = signal.Level;
            if (!double.IsNaN(signal.LevelDeviation))
                part.Sd = signal.LevelDeviation;
            form.Signals.Add(part);
        }

        return form.ToByteArray();
    }

    /// <summary>Reads an estimate. Signals with a code that this version does not know are left out.</summary>
    /// <exception cref="InvalidDataException">The bytes are not an estimate of a version that this reader knows; the message says what is wrong.</exception>
    public static EstimateMessage Parse(ReadOnlySpan<byte> bytes)
    {
        Estimate form;
        try
        {
            form = Estimate.Parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException exception)
        {
            throw new InvalidDataException("The estimate is not protobuf.", exception);
        }

        if (form.V > Version)
            throw new InvalidDataException($"The estimate has version {form.V}; this reader knows 1 to {Version}.");
        var signals = new List<SignalEstimate>();
        foreach (Protos.V1.SignalEstimate part in form.Signals)
        {
            if (SignalCodes.TryFind(Encoding.UTF8.GetBytes(part.Code), out SignalCode code))
            {
                signals.Add(new(code, part.HasLevel ? part.Level : double.NaN, part.HasSd ? part.Sd : double.NaN,
                    Parse(part.Window30S), Parse(part.Window2M), Parse(part.Window10M)));
            }
        }

        return new(form.Patient, form.Sequence, form.TimeMs, signals);
    }

    private static WindowFigures Form(in EstimateWindow window)
    {
        var form = new WindowFigures { Count = window.Count };
        if (!double.IsNaN(window.Mean))
            form.Mean = window.Mean;
        if (!double.IsNaN(window.StandardDeviation))
            form.Sd = window.StandardDeviation;
        if (!double.IsNaN(window.Minimum))
            form.Min = window.Minimum;
        if (!double.IsNaN(window.Maximum))
            form.Max = window.Maximum;
        if (!double.IsNaN(window.SlopePerMinute))
            form.SlopePerMinute = window.SlopePerMinute;
        if (!double.IsNaN(window.MissingShare))
            form.MissingShare = window.MissingShare;
        return form;
    }

    private static EstimateWindow Parse(WindowFigures? form) => form is null
        ? new(0, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN)
        : new(
            form.Count,
            form.HasMean ? form.Mean : double.NaN,
            form.HasSd ? form.Sd : double.NaN,
            form.HasMin ? form.Min : double.NaN,
            form.HasMax ? form.Max : double.NaN,
            form.HasSlopePerMinute ? form.SlopePerMinute : double.NaN,
            form.HasMissingShare ? form.MissingShare : double.NaN);
}

using PhysioActors.Shared.Binary;

namespace PhysioActors.Processing.Signals.Ecg;

/// <summary>Writes state, or reads it back, through one and the same list of fields, so that the two cannot differ.</summary>
internal ref struct StateCodec
{
    private readonly PayloadWriter? _writer;
    private PayloadReader _reader;

    /// <summary>Writes.</summary>
    public StateCodec(PayloadWriter writer) => _writer = writer;

    /// <summary>Reads. What was read stands in <see cref="Reader"/>.</summary>
    public StateCodec(PayloadReader reader) => _reader = reader;

    /// <summary>True when state is being read.</summary>
    public readonly bool IsReading => _writer is null;

    /// <summary>The reader, as far as it has got.</summary>
    public readonly PayloadReader Reader => _reader;

    /// <summary>A whole number within bounds.</summary>
    public void Integer(ref int value, int least, int greatest)
    {
        long wide = value;
        Integer(ref wide, least, greatest);
        value = (int)wide;
    }

    /// <summary>A whole number within bounds.</summary>
    public void Integer(ref long value, long least, long greatest)
    {
        if (_writer is not null)
        {
            _writer.Signed(value);
            return;
        }

        value = _reader.Signed();
        if (value < least || value > greatest)
            throw new InvalidDataException($"Byte {_reader.Position}: {value} is out of the bounds {least} to {greatest} of a beat detector.");
    }

    /// <summary>A finite number.</summary>
    public void Number(ref double value)
    {
        if (_writer is not null)
        {
            _writer.Double(value);
            return;
        }

        value = _reader.Double();
        if (!double.IsFinite(value))
            throw new InvalidDataException($"Byte {_reader.Position - 8}: a number of a beat detector is not finite.");
    }

    /// <summary>A finite number of single precision.</summary>
    public void Number(ref float value)
    {
        if (_writer is not null)
        {
            _writer.Single(value);
            return;
        }

        value = _reader.Single();
        if (!float.IsFinite(value))
            throw new InvalidDataException($"Byte {_reader.Position - 4}: a number of a beat detector is not finite.");
    }

    /// <summary>Finite numbers, always all of them.</summary>
    public void Numbers(Span<double> values)
    {
        foreach (ref double value in values)
            Number(ref value);
    }

    /// <summary>Finite numbers, always all of them.</summary>
    public void Numbers(Span<float> values)
    {
        foreach (ref float value in values)
            Number(ref value);
    }

    /// <summary>True or false.</summary>
    public void Truth(ref bool value)
    {
        if (_writer is not null)
            _writer.Boolean(value);
        else
            value = _reader.Boolean();
    }
}

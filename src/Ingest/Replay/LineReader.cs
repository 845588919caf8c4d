using System.Text;

namespace PhysioActors.Ingest.Replay;

/// <summary>Reads lines into one reused buffer, so that neither a file without line ends nor a compressed bomb can fill memory.</summary>
internal sealed class LineReader(Stream stream) : IDisposable
{
    /// <summary>The longest line that is read; what exceeds it is skipped.</summary>
    public const int MaximumLength = 16 * 1024;

    private readonly StreamReader _reader = new(stream, Encoding.UTF8);
    private readonly char[] _block = new char[MaximumLength];
    private readonly char[] _line = new char[MaximumLength];
    private int _at;
    private int _end;
    private int _length;

    /// <summary>The number of the current line, from 1.</summary>
    public long Number { get; private set; }

    /// <summary>The current line without its end; valid until the next one is read.</summary>
    public ReadOnlySpan<char> Line => _line.AsSpan(0, _length);

    /// <summary>True when the current line was longer than <see cref="MaximumLength"/>; <see cref="Line"/> is then its beginning.</summary>
    public bool IsTooLong { get; private set; }

    /// <summary>Goes on to the next line; false at the end.</summary>
    public bool Next()
    {
        _length = 0;
        IsTooLong = false;
        bool any = false;
        while (true)
        {
            if (_at == _end)
            {
                _end = _reader.Read(_block);
                _at = 0;
                if (_end == 0)
                    break;
            }

            any = true;
            ReadOnlySpan<char> rest = _block.AsSpan(_at, _end - _at);
            int found = rest.IndexOf('\n');
            Append(found < 0 ? rest : rest[..found]);
            _at += found < 0 ? rest.Length : found + 1;
            if (found >= 0)
                break;
        }

        if (!any)
            return false;
        if (_length > 0 && _line[_length - 1] == '\r')
            _length--;
        Number++;
        return true;
    }

    public void Dispose() => _reader.Dispose();

    private void Append(ReadOnlySpan<char> text)
    {
        int room = _line.Length - _length;
        if (text.Length > room)
        {
            IsTooLong = true;
            text = text[..room];
        }

        text.CopyTo(_line.AsSpan(_length));
        _length += text.Length;
    }
}

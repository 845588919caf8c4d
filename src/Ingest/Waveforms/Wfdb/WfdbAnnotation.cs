using System.Buffers.Binary;
using System.Text;

namespace PhysioActors.Ingest.Waveforms.Wfdb;

/// <summary>One annotation of a WFDB record.</summary>
/// <param name="Sample">Number of the sample it belongs to.</param>
/// <param name="Code">What it says, as the WFDB Applications Guide numbers it: 1 normal beat, 5 ventricular premature beat, 28 change of rhythm, ...</param>
/// <param name="Subtype">Its subtype, 0 without one.</param>
/// <param name="Channel">The signal it belongs to.</param>
/// <param name="Number">Its number field.</param>
/// <param name="Text">Its text, as "(AFIB" for a rhythm; null without one.</param>
public readonly record struct WfdbAnnotation(long Sample, byte Code, sbyte Subtype, byte Channel, sbyte Number, string? Text)
{
    private const int Skip = 59, NumberCode = 60, SubtypeCode = 61, ChannelCode = 62, TextCode = 63;

    /// <summary>Whether it marks a beat (annotation codes 1 to 13, 25, 30, 34, 35, 38 and 41).</summary>
    public bool IsBeat => Code is (>= 1 and <= 13) or 25 or 30 or 34 or 35 or 38 or 41;

    /// <summary>Whether it marks a ventricular beat: V, E or r.</summary>
    public bool IsVentricular => Code is 5 or 10 or 41;

    /// <summary>Reads a file of annotations in the MIT format, as "annot(5)" of the WFDB Applications Guide describes it.</summary>
    /// <param name="path">The file, as NAME.atr.</param>
    /// <exception cref="WfdbException">It is not there or not of this form.</exception>
    public static IReadOnlyList<WfdbAnnotation> ReadFile(string path)
    {
        if (!File.Exists(path))
            throw new WfdbException($"{path}: there are no annotations.");
        byte[] bytes = File.ReadAllBytes(path);
        List<WfdbAnnotation> annotations = [];
        long sample = 0;
        (byte channel, sbyte number) = (0, 0);
        for (int at = 0; ;)
        {
            int word = Word(path, bytes, ref at);
            (int code, int field) = (word >> 10, word & 0x3FF);
            if (word == 0)
                return annotations;
            switch (code)
            {
                case Skip:
                    int high = Word(path, bytes, ref at);
                    sample += unchecked((high << 16) | Word(path, bytes, ref at));
                    break;
                case NumberCode:
                    number = unchecked((sbyte)field);
                    Change(path, annotations, last => last with { Number = number });
                    break;
                case SubtypeCode:
                    Change(path, annotations, last => last with { Subtype = unchecked((sbyte)field) });
                    break;
                case ChannelCode:
                    channel = unchecked((byte)field);
                    Change(path, annotations, last => last with { Channel = channel });
                    break;
                case TextCode:
                    if (bytes.Length - at < field)
                        throw new WfdbException($"{path}: byte {at}: a text of {field} bytes passes the end of the file.");
                    string text = Encoding.UTF8.GetString(bytes, at, field).TrimEnd('\0');
                    Change(path, annotations, last => last with { Text = text });
                    at += field + (field & 1);
                    break;
                default:
                    sample += field;
                    if (sample < 0)
                        throw new WfdbException($"{path}: byte {at}: an annotation lies before the record's begin.");
                    annotations.Add(new WfdbAnnotation(sample, (byte)code, 0, channel, number, null));
                    break;
            }
        }
    }

    private static void Change(string path, List<WfdbAnnotation> annotations, Func<WfdbAnnotation, WfdbAnnotation> change)
    {
        if (annotations.Count == 0)
            throw new WfdbException($"{path}: it begins with a field of an annotation that is not there.");
        annotations[^1] = change(annotations[^1]);
    }

    private static int Word(string path, byte[] bytes, ref int at)
    {
        if (bytes.Length - at < 2)
            throw new WfdbException($"{path}: it ends at byte {bytes.Length} without an end mark: it is cut or no file of annotations.");
        at += 2;
        return BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(at - 2));
    }
}

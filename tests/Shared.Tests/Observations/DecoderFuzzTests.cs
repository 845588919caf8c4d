using System.Text;

using PhysioActors.Shared.Commands;
using PhysioActors.Shared.Kafka;
using PhysioActors.Shared.Observations;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Shared.Tests.Observations;

/// <summary>No bytes make a decoder throw, and whatever is accepted fulfils the bounds that the rest of the system builds on.</summary>
public sealed class DecoderFuzzTests
{
    private const int Partitions = 16;
    private static readonly byte[] Key = "icu:bed-7"u8.ToArray();
    private static readonly int Partition = Partitioner.Partition(Key, Partitions);

    private readonly ObservationDecoder _decoder = new();
    private readonly DecodedObservation _into = new();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Random_bytes_are_refused_or_accepted_but_never_thrown_at(int seed)
    {
        var random = new Random(seed);
        for (int i = 0; i < 20_000; i++)
        {
            var bytes = new byte[random.Next(80)];
            random.NextBytes(bytes);
            Offer(bytes);
        }
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    public void Changed_cut_and_mixed_messages_are_never_thrown_at(int seed)
    {
        byte[][] seeds = [.. Seeds()];
        var random = new Random(seed);
        int accepted = 0;
        for (int i = 0; i < 30_000; i++)
        {
            byte[] bytes = (byte[])seeds[random.Next(seeds.Length)].Clone();
            for (int change = random.Next(4); change >= 0 && bytes.Length > 0; change--)
                bytes = Change(random, bytes, seeds);
            accepted += Offer(bytes);
        }

        // Some changes hit only white space or values: the test would be blind if nothing were ever accepted.
        Assert.True(accepted > 500, $"{accepted}");
    }

    [Fact]
    public void Every_cut_of_every_message_is_refused_without_throwing()
    {
        foreach (byte[] message in Seeds())
        {
            for (int length = 0; length < message.Length; length++)
                Offer(message[..length]);
        }
    }

    [Fact]
    public void Random_sequences_of_tokens_are_never_thrown_at()
    {
        string[] tokens =
        [
            "{", "}", "[", "]", ",", ":", "\"patient\"", "\"icu:bed-7\"", "\"time\"", "1795262400000", "\"readings\"", "\"code\"", "\"hr\"", "\"value\"", "72", "null", "true", "\"\\ud800\"",
            "\"waveforms\"", "\"signal\"", "\"ecg\"", "\"rate\"", "\"gain\"", "250", "\"samples\"", "-32768", "\"waveforms\":[{\"signal\":\"ecg\",\"rate\":250,\"gain\":1,\"samples\":[1,",
            "\"unit\"", "\"%\"", "\"absent\"", "\"quality\"", "\"test\"", "-1e999", "\"v\"", "1", " ", "\"sequence\"", "{\"patient\":\"icu:bed-7\",\"time\":1,\"readings\":[{\"code\":\"hr\",\"value\":",
        ];
        var random = new Random(21);
        for (int i = 0; i < 30_000; i++)
            Offer(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, random.Next(20)).Select(_ => tokens[random.Next(tokens.Length)]))));
    }

    private static IEnumerable<byte[]> Seeds()
    {
        ObservationDraft draft = ObservationWriterTests.Draft();
        draft.TimeMs = MalformedRecords.TimestampMs;
        var writer = new ObservationWriter();
        yield return writer.WriteJson(draft).ToArray();
        yield return writer.WriteProtobuf(draft).ToArray();
        WaveformDecoderTests.AddWaveforms(draft);
        yield return writer.WriteProtobuf(draft).ToArray();
        draft.Readings.Clear();
        yield return writer.WriteJson(draft).ToArray();
        yield return """{"patient":"icu:bed-7","time":"2026-11-21T12:00:00.5+01:00","x":{"y":[1,2,{"z":"\u00e9\ud83d\ude00"}]},"readings":[{"code":"temp-core","value":98.6e0,"unit":"°F","quality":"ok"}]}"""u8.ToArray();
        var command = new CommandMessage("icu:bed-7", CommandKind.Acknowledge, "icu:bed-7/1/0", "x", "y", MalformedRecords.TimestampMs);
        yield return CommandWriter.WriteJson(command);
        yield return CommandWriter.WriteProtobuf(command);
        // All fields at once: whatever the kind becomes, its own are among them.
        command = command with
        {
            Kind = CommandKind.SetLimits,
            DurationSeconds = 60,
            Signal = SignalCode.SpO2,
            Low = 88,
            High = 99,
            Desaturation = 80,
            AgeClass = AgeClass.Adult,
            BirthDate = new(1969, 7, 20),
            Pregnant = true,
            SpO2Scale = 2,
            Oxygen = OxygenStatus.Oxygen,
            Consciousness = Consciousness.Voice,
            MeasuredAtMs = MalformedRecords.TimestampMs,
            WeightKilograms = 80,
        };
        yield return CommandWriter.WriteJson(command);
        yield return CommandWriter.WriteProtobuf(command);
        yield return new TickMessage(Partition, 3).Write();
    }

    private static byte[] Change(Random random, byte[] bytes, byte[][] seeds)
    {
        int at = random.Next(bytes.Length);
        switch (random.Next(6))
        {
            case 0:
                bytes[at] = (byte)random.Next(256);
                return bytes;
            case 1:
                bytes[at] ^= (byte)(1 << random.Next(8));
                return bytes;
            case 2:
                return bytes[..at];
            case 3:
                return [.. bytes[..at], .. bytes[Math.Min(bytes.Length, at + random.Next(8))..]];
            case 4:
                return [.. bytes[..at], (byte)random.Next(256), .. bytes[at..]];
            default:
                byte[] other = seeds[random.Next(seeds.Length)];
                int from = random.Next(other.Length);
                return [.. bytes[..at], .. other[from..Math.Min(other.Length, from + random.Next(30))], .. bytes[at..]];
        }
    }

    private int Offer(byte[] bytes)
    {
        int accepted = 0;
        foreach (RecordContent content in new[] { RecordContent.Json, RecordContent.Protobuf })
        {
            var record = new InboundRecord(0, MalformedRecords.TimestampMs, Key, bytes, RecordType.Observation, content);
            Refusal? refusal = _decoder.Decode(record, Partition, Partitions, _into);
            if (refusal is null)
            {
                accepted++;
                CheckBounds();
            }

            CommandDecoder.Decode(record, Partition, Partitions, out CommandMessage? command);
            Assert.True(command is null || command.Patient == "icu:bed-7");
        }

        TickMessage.Decode(new InboundRecord(0, 0, default, bytes, RecordType.Tick, RecordContent.Json), Partition, out _);
        return accepted;
    }

    private void CheckBounds()
    {
        Assert.InRange(_into.ReadingCount, _into.Waveforms.Count > 0 ? 0 : 1, DecodedObservation.MaximumReadings);
        Assert.InRange(_into.Waveforms.Count + _into.RefusedWaveforms.Count, 0, DecodedObservation.MaximumWaveforms);
        Assert.InRange(_into.TimeMs, 0, MalformedRecords.TimestampMs + 300_000);
        Assert.InRange(_into.Sequence, -1, long.MaxValue);
        Assert.InRange(_into.IntervalMs, 0, int.MaxValue);
        Assert.True(_into.Device.Length <= 128 && _into.Session.Length <= 128 && _into.Encounter.Length <= 128);
        foreach (WaveformChunk chunk in _into.Waveforms)
        {
            Assert.InRange((int)chunk.Signal, 1, Shared.Signals.WaveformSignals.Count - 1);
            Assert.InRange(chunk.RateMilliHz, 50_000, 1_000_000);
            Assert.InRange(chunk.Gain, 0.0009f, 1_000_001f);
            Assert.InRange(chunk.Baseline, -WaveformBounds.MaximumBaseline, WaveformBounds.MaximumBaseline);
            Assert.InRange(chunk.TimeMs, 0, MalformedRecords.TimestampMs + 300_000);
            Assert.InRange(WaveformBounds.EndMs(chunk), 0, MalformedRecords.TimestampMs + 300_000);
            Assert.InRange(chunk.Samples.Length, 1, WaveformBounds.MostSamples(chunk.RateMilliHz));
        }

        foreach (Reading reading in _into.Readings)
        {
            Assert.InRange(reading.TimeMs, 0, MalformedRecords.TimestampMs + 300_000);
            Assert.InRange((int)reading.Code, 1, Shared.Signals.SignalCodes.Count - 1);
            Assert.True(Enum.IsDefined(reading.Quality) && Enum.IsDefined(reading.Source));
        }
    }
}

using System.Buffers.Binary;
using PhysioActors.Ingest.Tests.Support;
using PhysioActors.Ingest.Waveforms.Vital;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Ingest.Tests.Waveforms;

/// <summary>Files of Vital Recorder as bytes: what is read, and how what is wrong is told.</summary>
public sealed class VitalFileTests : IDisposable
{
    private const double Start = 1_700_000_000;

    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void Devices_tracks_and_records_are_read()
    {
        VitalFile file = Read(new VitalFileWriter()
            .Device(7, "Intellivue", "Bed 3").Device(8, "BIS", "")
            .Track(1, VitalKind.Wave, VitalForm.Int16, "ECG_II", "mV", 500, 0.005, -1, 1, 7)
            .Track(2, VitalKind.Number, VitalForm.Single, "HR", "/min", device: 8)
            .Track(3, VitalKind.Text, VitalForm.None, "EVENT")
            .Wave(1, Start, 1, -2, 3).Number(2, Start + 0.5, 61.5f).Event(3, Start + 1, "Incision").Wave(1, Start + 0.006, 4));
        Assert.Equal(["Bed 3/ECG_II", "BIS/HR", "EVENT"], file.Tracks.Select(track => track.Info.FullName));
        Assert.Equal((-120, false, 0L), ((int)file.MinutesToUtc, file.IsPacked, file.UnknownRecords));
        VitalTrack wave = file.Tracks[0];
        Assert.Equal(new VitalTrackInfo("Bed 3", 7, "ECG_II", "mV", VitalKind.Wave, VitalForm.Int16, 500, 0.005, -1, 1), wave.Info);
        Assert.Equal([1, -2, 3, 4], wave.Steps.ToArray());
        Assert.Equal([new VitalPacket(Start, 0, 3), new VitalPacket(Start + 0.006, 3, 1)], wave.Packets);
        Assert.Equal((2, 4, Start, Start + 0.006), (wave.Records, wave.Samples, wave.FirstTime, wave.LastTime));
        Assert.Equal([new VitalNumber(Start + 0.5, 61.5)], file.Tracks[1].Numbers);
        Assert.Equal((1, Start + 1), (file.Tracks[2].Records, file.Tracks[2].FirstTime));
    }

    [Fact]
    public void Every_form_of_samples_is_read_and_its_value_for_none_in_packed_storage()
    {
        double[] Values(VitalForm form, Action<BinaryWriter> samples, bool packed = true)
        {
            VitalTrack track = Read(new VitalFileWriter(packed: packed).Track(1, VitalKind.Wave, form, "X", hertz: 100, gain: 0.5, offset: 10)
                .Record(1, Start, writer =>
                {
                    writer.Write(3);
                    samples(writer);
                })).Tracks[0];
            return track.IsInSteps
                ? [.. track.Steps.ToArray().Select(step => step == WaveformSignals.Missing ? double.NaN : 10 + ((step + track.StepShift) * 0.5))]
                : [.. track.Values.ToArray().Select(value => (double)value)];
        }

        Assert.Equal([10.5, 9, double.NaN], Values(VitalForm.Int8, writer => writer.Write([0x01, 0xFE, 0x80])));
        Assert.Equal([10.5, 137, double.NaN], Values(VitalForm.UInt8, writer => writer.Write([0x01, 0xFE, 0xFF])));
        Assert.Equal([10.5, 137, 137.5], Values(VitalForm.UInt8, writer => writer.Write([0x01, 0xFE, 0xFF]), packed: false));
        Assert.Equal([10.5, 9, double.NaN], Values(VitalForm.Int16, writer => writer.Write([0x01, 0, 0xFE, 0xFF, 0, 0x80])));
        Assert.Equal([10, 32_777, double.NaN], Values(VitalForm.UInt16, writer => writer.Write([0, 0, 0xFE, 0xFF, 0xFF, 0xFF])));
        Assert.Equal([11, 9, double.NaN], Values(VitalForm.Int32, writer => Write(writer.Write, 2, -2, int.MinValue)));
        Assert.Equal([11, 11.5, double.NaN], Values(VitalForm.UInt32, writer => Write(writer.Write, 2u, 3u, uint.MaxValue)));
        Assert.Equal([10.75, 9, double.NaN], Values(VitalForm.Single, writer => Write(writer.Write, 1.5f, -2f, float.PositiveInfinity)));
        Assert.Equal([10.75, 9, double.NaN], Values(VitalForm.Double, writer => Write(writer.Write, 1.5, -2.0, double.NaN)));
    }

    [Fact]
    public void A_description_may_end_early_and_a_gain_of_nothing_is_one()
    {
        VitalFile file = Read(new VitalFileWriter().Packet(0, writer =>
        {
            writer.Write((ushort)9);
            writer.Write((byte)VitalKind.Number);
            writer.Write((byte)VitalForm.Int16);
            VitalFileWriter.Text(writer, "HR");
        }).Record(9, Start, writer => writer.Write((short)60)));
        Assert.Equal(new VitalTrackInfo("", 0, "HR", "", VitalKind.Number, VitalForm.Int16, 0, 1, 0, 0), file.Tracks[0].Info);
        Assert.Equal(60, file.Tracks[0].Numbers[0].Value);
    }

    [Fact]
    public void What_the_format_may_add_is_passed_over()
    {
        VitalFile file = Read(new VitalFileWriter()
            .Packet(10, writer => writer.Write(new byte[100_000]))
            .Packet(77, _ => { })
            .Track(1, VitalKind.Number, VitalForm.Single, "HR").Track(2, (VitalKind)4, VitalForm.None, "NEW").Track(3, VitalKind.Wave, (VitalForm)40, "WIDE", hertz: 100)
            .Packet(6, writer => writer.Write([5, 1, 0, 1, 0])).Packet(6, _ => { })
            .Record(1, Start, writer => writer.Write(60f), furtherInfo: 6)
            .Record(1, Start + 1, writer => Write(writer.Write, 61f, 99f))
            .Record(2, Start, writer => writer.Write(1L)).Record(3, Start, writer => writer.Write(1L)).Number(99, Start, 5));
        Assert.Equal([60, 61], file.Tracks[0].Numbers.Select(number => number.Value));
        Assert.Equal([VitalKind.Number, VitalKind.Unknown, VitalKind.Unknown], file.Tracks.Select(track => track.Info.Kind));
        Assert.Equal((1, 1, 1), (file.Tracks[1].Records, file.Tracks[2].Records, file.UnknownRecords));
    }

    [Fact]
    public void Events_are_reset_by_the_command_for_it()
    {
        VitalFile file = Read(new VitalFileWriter().Track(1, VitalKind.Text, VitalForm.None, "EVENT").Track(2, VitalKind.Text, VitalForm.None, "AGENT")
            .Event(1, Start, "a").Event(2, Start, "b").Packet(6, writer => writer.Write((byte)6)).Event(1, Start + 1, "c"));
        Assert.Equal([(1, Start + 1), (1, Start)], file.Tracks.Select(track => (track.Records, track.FirstTime)));
    }

    [Fact]
    public void A_track_that_is_described_again_goes_on_and_one_that_is_described_otherwise_is_another()
    {
        VitalFile file = Read(new VitalFileWriter()
            .Track(1, VitalKind.Number, VitalForm.Single, "HR").Number(1, Start, 60)
            .Track(5, VitalKind.Number, VitalForm.Single, "HR").Number(5, Start + 1, 61)
            .Track(5, VitalKind.Number, VitalForm.Single, "RR").Number(5, Start + 2, 15).Number(1, Start + 3, 62));
        Assert.Equal([[60, 61, 62], [15]], file.Tracks.Select(track => track.Numbers.Select(number => number.Value).ToArray()));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(-1)]
    [InlineData(1e12)]
    public void A_record_without_a_time_is_passed_over_and_counted(double time)
    {
        VitalTrack track = Read(new VitalFileWriter().Track(1, VitalKind.Number, VitalForm.Single, "HR").Number(1, time, 60).Number(1, Start, 61)).Tracks[0];
        Assert.Equal((1, 1, Start), (track.Records, track.RecordsWithoutTime, track.FirstTime));
    }

    [Fact]
    public void Values_of_tracks_that_are_not_wanted_are_counted_and_not_kept()
    {
        string path = new VitalFileWriter().Track(1, VitalKind.Wave, VitalForm.Int16, "EEG", hertz: 128).Track(2, VitalKind.Number, VitalForm.Single, "HR")
            .Wave(1, Start, 1, 2, 3).Number(2, Start, 60).Save(_scratch, "a.vital");
        VitalFile file = VitalFile.Read(path, info => info.Name == "HR");
        Assert.Equal((false, 1, 3, 0, 0), (file.Tracks[0].IsKept, file.Tracks[0].Records, file.Tracks[0].Samples, file.Tracks[0].Steps.Length, file.Tracks[0].Packets.Count));
        Assert.Single(file.Tracks[1].Numbers);
    }

    [Fact]
    public void A_header_without_further_fields_and_a_file_without_records_are_read()
    {
        Assert.Empty(Read(new VitalFileWriter()).Tracks);
        string path = _scratch.WriteBytes("a.vital", VitalFileWriter.Pack([.. "VITA"u8, 3, 0, 0, 0, 0, 0]));
        Assert.Equal(0, VitalFile.Read(path).MinutesToUtc);
    }

    [Fact]
    public void What_is_no_gzip_file_or_has_another_signature_or_version_is_refused()
    {
        Refused([], "byte 0: it does not begin as a gzip file");
        Refused([0x1F], "byte 0: it does not begin as a gzip file");
        Refused("VITA as it is"u8.ToArray(), "byte 0: it does not begin as a gzip file");
        Refused([0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF], "the gzip file is damaged or cut");
        Refused(new VitalFileWriter(sign: "VITB").Packed(), "byte 0 of the unpacked file: it does not begin with 'VITA'");
        Refused(new VitalFileWriter(version: 4).Packed(), "byte 4 of the unpacked file: its format has version 4; version 3 is read");
        Refused(VitalFileWriter.Pack([.. "VITA"u8, 3, 0, 0, 0, 0xFF, 0xFF]), "byte 8 of the unpacked file: its header is said to have 65535 bytes");
    }

    [Fact]
    public void Lengths_that_cannot_be_are_refused_where_they_stand_and_nothing_is_allocated_for_them()
    {
        VitalFileWriter Begin() => new VitalFileWriter().Track(1, VitalKind.Wave, VitalForm.Int16, "ECG_II", hertz: 500).Track(2, VitalKind.Number, VitalForm.Double, "HR");
        long at = Begin().Length;
        long before = GC.GetAllocatedBytesForCurrentThread();
        Refused(Begin().Packet(1, writer => writer.Write(new byte[12]), 0xFFFFFFFF).Packed(), $"byte {at + 1} of the unpacked file: a packet of type 1 is said to have 4294967295 bytes");
        Refused(Begin().Packet(10, _ => { }, 200_000_000).Packed(), $"byte {at + 5} of the unpacked file: the file ends at byte {at + 5} in a packet of type 10 with 200000000 bytes more to come: it is cut");
        Refused(Begin().Packet(0, writer => writer.Write(new byte[20]), 100_000).Packed(), $"byte {at + 1} of the unpacked file: the description of a track is said to have 100000 bytes");
        Refused(Begin().Packet(0, writer => Write(writer.Write, 0, 0x7FFFFFFF, 0)).Packed(), $"byte {at + 9} of the unpacked file: the name of a track is said to have 2147483647 bytes");
        Refused(Begin().Packet(0, writer => Write(writer.Write, 0, 500, 0)).Packed(), $"byte {at + 13} of the unpacked file: the name of a track does not fit into its packet of 12 bytes");
        Refused(Begin().Packet(9, writer => writer.Write((short)1)).Packed(), $"byte {at + 5} of the unpacked file: the number of a device does not fit");
        Refused(Begin().Packet(1, writer => writer.Write(new byte[11])).Packed(), $"byte {at + 1} of the unpacked file: a record has 11 bytes");
        Refused(Begin().Packet(1, writer => Write(writer.Write, 0x4000000A0000, 0L)).Packed(), $"byte {at + 5} of the unpacked file: the head of a record is said to have 0 bytes");
        Refused(Begin().Packet(1, writer => Write(writer.Write, 15L, 0L)).Packed(), $"byte {at + 5} of the unpacked file: the head of a record is said to have 15 bytes");
        Refused(Begin().Record(1, Start, writer => Write(writer.Write, 1_000_000_000, 0)).Packed(), $"byte {at + 17} of the unpacked file: ECG_II is said to have 1000000000 samples of 2 bytes here, 4 bytes are left");
        Refused(Begin().Record(1, Start, writer => writer.Write((short)1)).Packed(), $"byte {at + 17} of the unpacked file: the number of samples of ECG_II needs 4 bytes, 2 are left");
        Refused(Begin().Record(2, Start, writer => writer.Write(60f)).Packed(), $"byte {at + 17} of the unpacked file: a number of HR needs 8 bytes, 4 are left");
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 50_000_000);
    }

    [Fact]
    public void A_file_that_is_cut_anywhere_is_refused_with_its_name_and_a_byte()
    {
        byte[] whole = new VitalFileWriter().Device(7, "Intellivue", "Bed 3").Track(1, VitalKind.Wave, VitalForm.Int16, "ECG_II", "mV", 500)
            .Wave(1, Start, [.. Enumerable.Range(0, 300).Select(i => (short)(i * i % 997))]).Packed();
        for (int length = 0; length < whole.Length; length++)
            Refused(whole[..length], "byte ");
        Refused([.. whole, 1, 2, 3], "byte ");
    }

    [Fact]
    public void A_file_that_is_cut_between_packets_before_it_was_packed_is_read_as_far_as_it_goes()
    {
        VitalFileWriter writer = new VitalFileWriter().Track(1, VitalKind.Number, VitalForm.Single, "HR").Number(1, Start, 60);
        int border = (int)writer.Length;
        byte[] whole = writer.Number(1, Start + 1, 61).Unpacked();
        Assert.Single(VitalFile.Read(_scratch.WriteBytes("a.vital", VitalFileWriter.Pack(whole.AsSpan(0, border)))).Tracks[0].Numbers);
        for (int length = border + 1; length < whole.Length; length++)
            Refused(VitalFileWriter.Pack(whole.AsSpan(0, length)), $"byte {(length < border + 5 ? border : length < border + 17 ? border + 5 : border + 17)} of the unpacked file: the file ends at byte {length}");
    }

    [Fact]
    public void Flipped_bytes_never_end_in_anything_but_an_error_of_the_format()
    {
        byte[] whole = new VitalFileWriter().Device(7, "Intellivue", "Bed 3").Track(1, VitalKind.Wave, VitalForm.Int16, "ECG_II", "mV", 500).Track(2, VitalKind.Number, VitalForm.Single, "HR")
            .Wave(1, Start, 1, 2, 3).Number(2, Start, 60).Event(3, Start, "x").Unpacked();
        int refused = 0;
        for (int at = 0; at < whole.Length; at++)
        {
            foreach (byte flip in (byte[])[0x01, 0x80, 0xFF])
            {
                byte[] damaged = [.. whole];
                damaged[at] ^= flip;
                try
                {
                    VitalFile.Read(_scratch.WriteBytes("a.vital", VitalFileWriter.Pack(damaged)));
                }
                catch (VitalException)
                {
                    refused++;
                }
            }
        }

        Assert.InRange(refused, 50, whole.Length * 3);
    }

    [Fact]
    public void A_small_file_that_unpacks_to_very_much_is_given_up_at_the_bound()
    {
        // Packets of zeros that are passed over, 64 MiB each; a gzip file may consist of several.
        byte[] zeros = new byte[(64 << 20) + 5];
        zeros[0] = 200;
        BinaryPrimitives.WriteInt32LittleEndian(zeros.AsSpan(1), zeros.Length - 5);
        byte[] packet = VitalFileWriter.Pack(zeros);
        string path = _scratch.WriteBytes("bomb.vital", [.. new VitalFileWriter().Packed(), .. Enumerable.Repeat(packet, 17).SelectMany(bytes => bytes)]);
        Assert.InRange(new FileInfo(path).Length, 0, 20_000_000);
        long before = GC.GetAllocatedBytesForCurrentThread();
        VitalException error = Assert.Throws<VitalException>(() => VitalFile.Read(path));
        Assert.Equal($"{path}: byte {VitalFile.MaximumBytes} of the unpacked file: it unpacks to more than 1,073,741,824 bytes, which are read at most.", error.Message);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
    }

    [Fact]
    public void Descriptions_without_end_are_refused()
    {
        VitalFileWriter writer = new();
        for (int i = 0; i < 5_000; i++)
            writer.Track((ushort)i, VitalKind.Number, VitalForm.Single, $"T{i}");
        Refused(writer.Packed(), "there are more than 4096 descriptions of tracks and devices");
    }

    // Count, first and last time, CRC-32 of the samples as 32-bit integers (of numbers: of all times, then all values, in 64 bits), mean in the track's unit:
    // as read by the Python package vitaldb 1.6.0 of VitalDB's authors.
    [SharedDataFact("vital")]
    public void The_shared_files_are_what_the_reader_of_VitalDB_reads()
    {
        string[] expected =
        [
            "test_data_demo Intellivue/NIBP_SYS 35 0 1562838867.602 1562838902.418 2616169986 120.000000",
            "test_data_demo Intellivue/NIBP_DIA 35 0 1562838867.602 1562838902.418 3575797868 80.000000",
            "test_data_demo Intellivue/NIBP_MEAN 35 0 1562838867.602 1562838902.418 724150487 90.000000",
            "test_data_demo Intellivue/NIBP_HR 35 0 1562838867.602 1562838902.418 1203539367 60.000000",
            "test_data_demo Intellivue/ECG_HR 35 0 1562838867.602 1562838902.418 1203539367 60.000000",
            "test_data_demo Intellivue/RR 35 0 1562838867.602 1562838902.418 3821395642 15.000000",
            "test_data_demo Intellivue/ABP_MEAN 35 0 1562838867.602 1562838902.418 3745166308 91.000000",
            "test_data_demo Intellivue/ABP_SYS 35 0 1562838867.602 1562838902.418 2616169986 120.000000",
            "test_data_demo Intellivue/ABP_DIA 35 0 1562838867.602 1562838902.418 3239284604 70.000000",
            "test_data_demo Intellivue/HR 35 0 1562838867.602 1562838902.418 1203539367 60.000000",
            "test_data_demo Intellivue/PLETH_SAT_O2 35 0 1562838867.602 1562838902.418 3113538474 95.000000",
            "test_data_demo Intellivue/PLETH_HR 35 0 1562838867.602 1562838902.418 1203539367 60.000000",
            "test_data_demo Intellivue/PLETH_PERF_REL 35 0 1562838867.602 1562838902.418 2902986964 10.000000",
            "test_data_demo Intellivue/ABP 140 4480 1562838865.138 1562838900.722 3623303958 90.970605",
            "test_data_demo Intellivue/ECG_II 137 17536 1562838865.906 1562838900.722 249845577 -0.000783",
            "test_data_demo Intellivue/PLETH 137 4384 1562838865.906 1562838900.722 2569532195 50.437048",
            "test_data_demo Intellivue/RESP 137 2192 1562838865.906 1562838900.722 1341293094 32.050380",
            "test_data_demo EVENT 4 0 1562838885.449 1562838891.497 0 NaN",
            "test_intellivue_demo1 Intellivue/NIBP_SYS 25 0 1561634056.892 1561634081.468 2106632866 120.000000",
            "test_intellivue_demo1 Intellivue/NIBP_DIA 25 0 1561634056.892 1561634081.468 1283380655 80.000000",
            "test_intellivue_demo1 Intellivue/NIBP_MEAN 25 0 1561634056.892 1561634081.468 920194044 90.000000",
            "test_intellivue_demo1 Intellivue/NIBP_HR 25 0 1561634056.892 1561634081.468 3658849216 60.000000",
            "test_intellivue_demo1 Intellivue/ECG_HR 25 0 1561634056.892 1561634081.468 3658849216 60.000000",
            "test_intellivue_demo1 Intellivue/RR 25 0 1561634056.892 1561634081.468 3186176014 15.000000",
            "test_intellivue_demo1 Intellivue/ABP_MEAN 25 0 1561634056.892 1561634081.468 3609465899 91.000000",
            "test_intellivue_demo1 Intellivue/ABP_SYS 25 0 1561634056.892 1561634081.468 2106632866 120.000000",
            "test_intellivue_demo1 Intellivue/ABP_DIA 25 0 1561634056.892 1561634081.468 2713342182 70.000000",
            "test_intellivue_demo1 Intellivue/HR 25 0 1561634056.892 1561634081.468 3658849216 60.000000",
            "test_intellivue_demo1 Intellivue/PLETH_SAT_O2 25 0 1561634056.892 1561634081.468 3862063093 95.000000",
            "test_intellivue_demo1 Intellivue/PLETH_HR 25 0 1561634056.892 1561634081.468 3658849216 60.000000",
            "test_intellivue_demo1 Intellivue/PLETH_PERF_REL 25 0 1561634056.892 1561634081.468 2349289219 10.000000",
            "test_intellivue_demo1 Intellivue/ECG_II 100 12800 1561634055.228 1561634080.572 2205793810 -0.001447",
            "test_intellivue_demo1 Intellivue/PLETH 100 3200 1561634055.228 1561634080.572 1712107703 50.217018",
            "test_intellivue_demo1 Intellivue/ABP 100 3200 1561634055.228 1561634080.572 4167646242 91.225527",
        ];
        List<string> found = [];
        foreach (string path in Directory.EnumerateFiles(SharedData.Set("vital"), "*.vital").Order(StringComparer.Ordinal))
        {
            foreach (VitalTrack track in VitalFile.Read(path).Tracks)
            {
                found.Add(FormattableString.Invariant(
                    $"{Path.GetFileNameWithoutExtension(path)} {track.Info.FullName} {track.Records} {track.Samples} {track.FirstTime:F3} {track.LastTime:F3} {Crc32(Contents(track))} {Mean(track):F6}"));
            }
        }

        Assert.Equal(expected, found);
    }

    private static byte[] Contents(VitalTrack track)
    {
        byte[] bytes = new byte[(track.Steps.Length * 4) + (track.Numbers.Count * 16)];
        for (int i = 0; i < track.Steps.Length; i++)
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(i * 4), track.Steps[i] + track.StepShift);
        for (int i = 0; i < track.Numbers.Count; i++)
        {
            BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan(i * 8), track.Numbers[i].Time);
            BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan((track.Numbers.Count + i) * 8), track.Numbers[i].Value);
        }

        return bytes;
    }

    private static uint Crc32(byte[] bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte next in bytes)
        {
            crc ^= next;
            for (int bit = 0; bit < 8; bit++)
                crc = (crc >> 1) ^ ((crc & 1) * 0xEDB88320);
        }

        return ~crc;
    }

    private static double Mean(VitalTrack track) => track.Info.Kind switch
    {
        VitalKind.Wave => track.Steps.ToArray().Average(step => ((step + track.StepShift) * track.Info.Gain) + track.Info.Offset),
        VitalKind.Number => track.Numbers.Average(number => number.Value),
        _ => double.NaN,
    };

    private static void Write<T>(Action<T> write, params ReadOnlySpan<T> values)
    {
        foreach (T value in values)
            write(value);
    }

    private VitalFile Read(VitalFileWriter writer) => VitalFile.Read(writer.Save(_scratch, "a.vital"));

    private void Refused(byte[] bytes, string why)
    {
        string path = _scratch.WriteBytes("a.vital", bytes);
        string told = Assert.Throws<VitalException>(() => VitalFile.Read(path)).Message;
        Assert.StartsWith(path, told, StringComparison.Ordinal);
        Assert.Contains(why, told, StringComparison.Ordinal);
    }
}

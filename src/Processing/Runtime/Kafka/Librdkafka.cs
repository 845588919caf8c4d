using System.Runtime.InteropServices;

namespace PhysioActors.Processing.Runtime.Kafka;

/// <summary>The native calls for which the managed client has no form, or none without garbage per record.</summary>
internal static unsafe partial class Librdkafka
{
    private const string Library = "librdkafka.so.1";

    internal const int TypeProducer = 0;

    /// <summary>Copies key and value at once, so that the caller's buffers are free when the call returns.</summary>
    internal const int CopyPayload = 2;

    internal const int NoError = 0;
    internal const int QueueFull = -184;
    internal const int AutoOffsetReset = -140;
    internal const int PurgeQueued = 1;

    [LibraryImport(Library, EntryPoint = "rd_kafka_conf_new")]
    internal static partial nint NewConfiguration();

    [LibraryImport(Library, EntryPoint = "rd_kafka_conf_destroy")]
    internal static partial void DestroyConfiguration(nint configuration);

    [LibraryImport(Library, EntryPoint = "rd_kafka_conf_set", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Set(nint configuration, string name, string value, Span<byte> error, nuint errorSize);

    [LibraryImport(Library, EntryPoint = "rd_kafka_conf_set_log_cb")]
    internal static partial void SetLogCallback(nint configuration, nint callback);

    [LibraryImport(Library, EntryPoint = "rd_kafka_conf_set_opaque")]
    internal static partial void SetOpaque(nint configuration, nint opaque);

    [LibraryImport(Library, EntryPoint = "rd_kafka_conf_set_dr_msg_cb")]
    internal static partial void SetDeliveryCallback(nint configuration, delegate* unmanaged[Cdecl]<nint, KafkaMessage*, nint, void> callback);

    [LibraryImport(Library, EntryPoint = "rd_kafka_new")]
    internal static partial nint NewClient(int type, nint configuration, Span<byte> error, nuint errorSize);

    [LibraryImport(Library, EntryPoint = "rd_kafka_destroy")]
    internal static partial void DestroyClient(nint client);

    [LibraryImport(Library, EntryPoint = "rd_kafka_poll")]
    internal static partial int Poll(nint client, int timeoutMs);

    [LibraryImport(Library, EntryPoint = "rd_kafka_flush")]
    internal static partial int Flush(nint client, int timeoutMs);

    [LibraryImport(Library, EntryPoint = "rd_kafka_purge")]
    internal static partial int Purge(nint client, int flags);

    [LibraryImport(Library, EntryPoint = "rd_kafka_clusterid")]
    internal static partial nint ClusterId(nint client, int timeoutMs);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mem_free")]
    internal static partial void Free(nint client, nint memory);

    [LibraryImport(Library, EntryPoint = "rd_kafka_topic_new", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint NewTopic(nint client, string topic, nint configuration);

    [LibraryImport(Library, EntryPoint = "rd_kafka_topic_destroy")]
    internal static partial void DestroyTopic(nint topic);

    [LibraryImport(Library, EntryPoint = "rd_kafka_produceva")]
    internal static partial nint Produce(nint client, ProduceArgument* arguments, nuint count);

    [LibraryImport(Library, EntryPoint = "rd_kafka_error_code")]
    internal static partial int ErrorCode(nint error);

    [LibraryImport(Library, EntryPoint = "rd_kafka_error_destroy")]
    internal static partial void DestroyError(nint error);

    [LibraryImport(Library, EntryPoint = "rd_kafka_consumer_poll")]
    internal static partial KafkaMessage* ConsumerPoll(nint client, int timeoutMs);

    [LibraryImport(Library, EntryPoint = "rd_kafka_consumer_close")]
    internal static partial int CloseConsumer(nint client);

    [LibraryImport(Library, EntryPoint = "rd_kafka_message_destroy")]
    internal static partial void DestroyMessage(KafkaMessage* message);

    [LibraryImport(Library, EntryPoint = "rd_kafka_message_timestamp")]
    internal static partial long Timestamp(KafkaMessage* message, int* type);

    [LibraryImport(Library, EntryPoint = "rd_kafka_message_headers")]
    internal static partial int Headers(KafkaMessage* message, nint* headers);

    [LibraryImport(Library, EntryPoint = "rd_kafka_header_get_all")]
    internal static partial int Header(nint headers, nuint index, byte** name, byte** value, nuint* size);
}

/// <summary>A message as librdkafka lays it out (<c>rd_kafka_message_t</c>).</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct KafkaMessage
{
    internal int Error;
    internal nint Topic;
    internal int Partition;
    internal byte* Payload;
    internal nuint Length;
    internal byte* Key;
    internal nuint KeyLength;
    internal long Offset;
    internal nint Private;
}

/// <summary>One argument of a produce call (<c>rd_kafka_vu_t</c>): a kind, and a union that is padded to 64 bytes.</summary>
[StructLayout(LayoutKind.Explicit, Size = 72)]
internal unsafe struct ProduceArgument
{
    internal const int TopicHandle = 2;
    internal const int Value = 4;
    internal const int Key = 5;
    internal const int Flags = 7;
    internal const int TimestampMs = 8;

    [FieldOffset(0)]
    internal int Kind;

    [FieldOffset(8)]
    internal nint Handle;

    [FieldOffset(8)]
    internal int Number;

    [FieldOffset(8)]
    internal long Long;

    [FieldOffset(8)]
    internal void* Memory;

    [FieldOffset(16)]
    internal nuint Size;
}

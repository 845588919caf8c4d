using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PhysioActors.Processing.Runtime.Kafka;

/// <summary>
/// Publishes estimates: no wait, no garbage, nothing kept per message. What the client's queue cannot take, or the broker does not take in time, is dropped and counted.
/// </summary>
/// <remarks>It goes around the managed client, which allocates several objects and pins two arrays per message; estimates are as many as observations.</remarks>
internal sealed unsafe class EstimateProducer : IDisposable
{
    private const int PollMs = 200;
    private const int FlushMs = 500;
    private const int CountEvery = 256;

    private readonly NativeClient _client;
    private readonly nint _topic;
    private readonly ClosingGate _gate = new();
    private readonly Thread _reports;
    private volatile bool _stopping;
    private long _sent;

    internal EstimateProducer(KafkaConnection connection, OutputsOptions options)
    {
        _client = NativeClient.Create(ProducerProperties.Estimates(connection, options), &OnDelivery, 0);
        _topic = Librdkafka.NewTopic(_client.Pointer, options.Names.Estimates, 0);
        _reports = new Thread(ServeReports) { IsBackground = true, Name = "kafka-estimates" };
        _reports.Start();
    }

    /// <summary>Copies and queues one message. May be called from any thread.</summary>
    internal void Send(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, long timestampMs)
    {
        if (!_gate.TryEnter())
            return;
        try
        {
            int error = Produce(key, value, timestampMs);
            if (error != Librdkafka.NoError)
                KafkaMetrics.DroppedEstimates.Add(1);
            else if (Interlocked.Increment(ref _sent) % CountEvery == 0)
                KafkaMetrics.Estimates.Add(CountEvery);
        }
        finally
        {
            _gate.Leave();
        }
    }

    /// <summary>Gives what is queued half a second to leave, and drops the rest.</summary>
    public void Dispose()
    {
        _gate.CloseAsync().Wait();
        _ = Librdkafka.Flush(_client.Pointer, FlushMs);
        _ = Librdkafka.Purge(_client.Pointer, Librdkafka.PurgeQueued);
        _stopping = true;
        _reports.Join();
        Librdkafka.DestroyTopic(_topic);
        _client.Dispose();
    }

    [SkipLocalsInit]
    private int Produce(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, long timestampMs)
    {
        const int count = 5;
        ProduceArgument* arguments = stackalloc ProduceArgument[count];
        fixed (byte* keyBytes = key, valueBytes = value)
        {
            arguments[0].Kind = ProduceArgument.TopicHandle;
            arguments[0].Handle = _topic;
            arguments[1].Kind = ProduceArgument.Flags;
            arguments[1].Number = Librdkafka.CopyPayload;
            arguments[2].Kind = ProduceArgument.Key;
            arguments[2].Memory = keyBytes;
            arguments[2].Size = (nuint)key.Length;
            arguments[3].Kind = ProduceArgument.Value;
            arguments[3].Memory = valueBytes;
            arguments[3].Size = (nuint)value.Length;
            arguments[4].Kind = ProduceArgument.TimestampMs;
            arguments[4].Long = timestampMs;
            nint error = Librdkafka.Produce(_client.Pointer, arguments, count);
            if (error == 0)
                return Librdkafka.NoError;
            int code = Librdkafka.ErrorCode(error);
            Librdkafka.DestroyError(error);
            return code;
        }
    }

    private void ServeReports()
    {
        while (!_stopping)
            _ = Librdkafka.Poll(_client.Pointer, PollMs);
    }

    // Only failures are reported (delivery.report.only.error).
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnDelivery(nint client, KafkaMessage* message, nint opaque) => KafkaMetrics.DroppedEstimates.Add(1);
}

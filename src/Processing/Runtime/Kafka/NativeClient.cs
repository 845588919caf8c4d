using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;

using Confluent.Kafka;

using PhysioActors.Shared.Kafka;

namespace PhysioActors.Processing.Runtime.Kafka;

/// <summary>A librdkafka client of our own, for what the managed one cannot do; and the way to a managed client's native handle.</summary>
internal sealed unsafe class NativeClient : SafeHandle
{
    private const int ErrorSize = 512;

    // The managed client hides its handle; its version is pinned, so the name is known.
    private static readonly PropertyInfo s_hidden = typeof(Handle).GetProperty("LibrdkafkaHandle", BindingFlags.Instance | BindingFlags.NonPublic)
        ?? throw new NotSupportedException("This version of Confluent.Kafka keeps its native handle elsewhere; the version pinned in build/Kafka.props is needed.");

    // Native threads go on calling what these hold.
    private static readonly ConcurrentQueue<IClient> s_abandoned = new();

    private NativeClient(nint client)
        : base(0, ownsHandle: true) => SetHandle(client);

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <summary>The native pointer; valid until this is disposed.</summary>
    internal nint Pointer => handle;

    /// <summary>Makes a client that only asks questions.</summary>
    /// <exception cref="KafkaClusterException">A property is unknown, or its value is not usable.</exception>
    internal static NativeClient Create(Dictionary<string, string> properties) => Create(properties, null, 0);

    /// <summary>Makes a producer client from properties. Its log is switched off: what matters comes back as errors.</summary>
    /// <param name="properties">Names and values as librdkafka knows them.</param>
    /// <param name="deliveryCallback">Called for delivery reports from within <see cref="Librdkafka.Poll"/>; null for none.</param>
    /// <param name="opaque">Handed to the callback.</param>
    /// <exception cref="KafkaClusterException">A property is unknown, or its value is not usable.</exception>
    internal static NativeClient Create(
        Dictionary<string, string> properties, delegate* unmanaged[Cdecl]<nint, KafkaMessage*, nint, void> deliveryCallback, nint opaque)
    {
        NativeKafka.Load();
        Span<byte> error = stackalloc byte[ErrorSize];
        nint configuration = Librdkafka.NewConfiguration();
        foreach ((string name, string value) in properties)
        {
            if (Librdkafka.Set(configuration, name, value, error, ErrorSize) == 0)
                continue;
            Librdkafka.DestroyConfiguration(configuration);
            throw new KafkaClusterException($"The Kafka property {name} cannot be used: {Text(error)}");
        }

        Librdkafka.SetLogCallback(configuration, 0);
        if (deliveryCallback != null)
        {
            Librdkafka.SetOpaque(configuration, opaque);
            Librdkafka.SetDeliveryCallback(configuration, deliveryCallback);
        }

        nint client = Librdkafka.NewClient(Librdkafka.TypeProducer, configuration, error, ErrorSize);
        if (client != 0)
            return new(client);
        Librdkafka.DestroyConfiguration(configuration);
        throw new KafkaClusterException($"The Kafka client could not be made: {Text(error)}");
    }

    /// <summary>The native pointer of a managed client. Valid until that client is disposed; the caller must not outlive it.</summary>
    internal static nint PointerOf(IClient client) => HandleOf(client).DangerousGetHandle();

    /// <summary>Lets a managed client be, with its threads, until the process ends: it is neither freed nor collected.</summary>
    internal static void Abandon(IClient client)
    {
        s_abandoned.Enqueue(client);
        HandleOf(client).SetHandleAsInvalid();
    }

    private static SafeHandle HandleOf(IClient client) => (SafeHandle)s_hidden.GetValue(client.Handle)!;

    /// <summary>The id of the cluster; null when no broker answered in time.</summary>
    internal string? ClusterId(TimeSpan timeout)
    {
        nint text = Librdkafka.ClusterId(handle, (int)timeout.TotalMilliseconds);
        if (text == 0)
            return null;
        string? id = Marshal.PtrToStringUTF8(text);
        Librdkafka.Free(handle, text);
        return id;
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        Librdkafka.DestroyClient(handle);
        return true;
    }

    private static string Text(ReadOnlySpan<byte> error)
    {
        int end = error.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? error : error[..end]);
    }
}

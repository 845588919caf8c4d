namespace PhysioActors.Processing.Runtime.Kafka;

/// <summary>The Kafka cluster cannot be used as it is: it does not answer, or a topic is missing. The message says what to do.</summary>
public sealed class KafkaClusterException(string message, Exception? inner = null) : Exception(message, inner);

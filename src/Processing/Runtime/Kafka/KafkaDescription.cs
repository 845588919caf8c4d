namespace PhysioActors.Processing.Runtime.Kafka;

/// <summary>What a node must know of the cluster before it joins.</summary>
/// <param name="IsDevelopmentBroker">True for the in-memory broker, which neither keeps offsets sent in transactions nor fences nor hides aborted messages.</param>
/// <param name="Incarnation">Names the log: offsets mean something only within it. The development broker's changes at every start; a real cluster's is its id.</param>
/// <param name="Partitions">How many partitions the inbound topic has.</param>
public sealed record KafkaDescription(bool IsDevelopmentBroker, string Incarnation, int Partitions);

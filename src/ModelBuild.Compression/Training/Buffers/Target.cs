using ModelBuild.Compression.Execution;

namespace ModelBuild.Compression.Training.Buffers;

/// <summary>An input of a training graph that receives the values that outputs of the model are compared with.</summary>
/// <param name="Name">The name of the input.</param>
/// <param name="Type">The element type and the shape for a batch.</param>
/// <param name="Output">The value of the teacher that it receives; null for the labels.</param>
internal sealed record Target(string Name, InferredTensor Type, string? Output);

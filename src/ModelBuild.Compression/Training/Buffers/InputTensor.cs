using ModelBuild.Compression.Execution;

namespace ModelBuild.Compression.Training.Buffers;

/// <summary>An input of a training graph that changes with each batch.</summary>
/// <param name="Name">The name.</param>
/// <param name="Type">The element type and the shape of a batch.</param>
internal sealed record InputTensor(string Name, InferredTensor Type);

using ModelBuild.Serving.Models;

namespace ModelBuild.Serving.Requests;

/// <summary>Represents an output that a request names.</summary>
/// <param name="Tensor">The output of the model.</param>
/// <param name="IsBinary">Whether the answer contains the tensor in binary form.</param>
internal sealed record InferenceOutput(ServedTensor Tensor, bool IsBinary);

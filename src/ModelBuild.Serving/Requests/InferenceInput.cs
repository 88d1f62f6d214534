namespace ModelBuild.Serving.Requests;

/// <summary>Represents an input of a request.</summary>
/// <param name="Tensor">The description of the tensor in the request.</param>
/// <param name="Json">The JSON object of the request, which contains the elements unless they are binary.</param>
/// <param name="Binary">The elements in binary form.</param>
internal readonly record struct InferenceInput(InferenceTensor Tensor, ReadOnlyMemory<byte> Json, ReadOnlyMemory<byte> Binary);

using ModelBuild.Runtime;
using ModelBuild.Serving.Models;

namespace ModelBuild.Serving.Requests;

/// <summary>Represents the outputs of a request, in the order in which the request names them. They are valid until the run is disposed.</summary>
internal sealed class InferenceRun(ServedModel model, IReadOnlyList<InferenceOutput> outputs, ModelResult result) : IDisposable
{
    public ServedModel Model => model;

    public IReadOnlyList<InferenceOutput> Outputs => outputs;

    public ReadOnlySpan<long> Shape(InferenceOutput output) => result.Shape(output.Tensor.Index);

    /// <summary>Returns the bytes of an output whose elements are numbers or booleans.</summary>
    public ReadOnlySpan<byte> Bytes(InferenceOutput output) => result.Bytes(output.Tensor.Index);

    /// <summary>Returns the elements of an output whose elements are strings.</summary>
    public ReadOnlySpan<string> Texts(InferenceOutput output) => result.Tensor<string>(output.Tensor.Index).Span;

    public void Dispose() => result.Dispose();
}

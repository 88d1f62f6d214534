using ModelBuild.Generator.Shapes;
using ModelBuild.Generator.Signatures;

namespace ModelBuild.Generator.Classes;

/// <summary>A class to be emitted: the signature with every decision taken, so that emitting only writes.</summary>
/// <param name="File">The signature file it comes from.</param>
/// <param name="Call">What a plain call takes: all inputs.</param>
/// <param name="LabelOutput">The index of the output that the labels belong to; null without labels or such an output.</param>
/// <param name="Stream">What a call of a stream takes; null for a model without states.</param>
internal sealed record ModelClass(
    string File,
    ModelSignature Signature,
    CallPlan Call,
    EquatableArray<OutputMember> Outputs,
    int? LabelOutput,
    StreamPlan? Stream
)
{
    public EquatableArray<InputMember> Inputs => Call.Inputs;

    /// <summary>Whether the model can be called with types that C# holds.</summary>
    public bool HasRun => Inputs.All(input => input.IsTyped) && Outputs.Any(output => output.IsTyped);

    /// <summary>Whether a caller can bring buffers for the outputs: their sizes must be known before the call.</summary>
    public bool HasBufferRun => HasRun && Tensors.Any() && Outputs.All(output => output.Type is null || (output.HasKnownShape && !output.Type.IsString));

    /// <summary>Whether all inputs and outputs begin with one open dimension, so that rows of several calls go together.</summary>
    public bool HasBatch =>
        HasRun
        && Call.Dimensions.Any(dimension => Inputs.All(input => LeadsWith(input.Tensor, dimension.Variable, Inputs.Count)))
        && Outputs.All(output =>
            !output.IsTyped
            || output.Tensor.Type.StartsWith("seq(map(", StringComparison.Ordinal)
            || output.Tensor.Shape is { Count: > 0 } shape && !shape[0].IsFixed
        );

    /// <summary>The outputs that are tensors.</summary>
    public IEnumerable<OutputMember> Tensors => Outputs.Where(output => output.Type is not null);

    private static bool LeadsWith(TensorSignature tensor, ShapeVariable variable, int inputs) =>
        tensor.Shape is { Count: > 0 } shape
        && (
            variable.Symbol is { } symbol
                ? shape[0].Symbol == symbol && shape.Count(dimension => dimension.Symbol == symbol) == 1
                : inputs == 1 && variable.Axis == 0 && !shape[0].IsFixed
        );
}

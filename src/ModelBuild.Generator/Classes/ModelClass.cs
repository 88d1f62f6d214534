using ModelBuild.Generator.Shapes;
using ModelBuild.Generator.Signatures;

namespace ModelBuild.Generator.Classes;

/// <summary>A class to be emitted: the signature with every decision taken, so that emitting only writes.</summary>
/// <param name="File">The signature file it comes from.</param>
/// <param name="Dimensions">The unknown dimensions in the order in which they become known.</param>
/// <param name="LabelOutput">The index of the output that the labels belong to; null without labels or such an output.</param>
internal sealed record ModelClass(
    string File,
    ModelSignature Signature,
    EquatableArray<InputMember> Inputs,
    EquatableArray<OutputMember> Outputs,
    EquatableArray<DimensionMember> Dimensions,
    int? LabelOutput)
{
    /// <summary>With more inputs than this a struct takes them.</summary>
    public const int MostParameters = 8;

    /// <summary>Whether the model can be called with types that C# holds.</summary>
    public bool HasRun => Inputs.All(input => input.Type is not null) && Outputs.Any(output => output.Type is not null);

    public bool UsesInputStruct => Inputs.Count > MostParameters;

    /// <summary>Whether a caller can bring buffers for the outputs: their sizes must be known before the call.</summary>
    public bool HasBufferRun =>
        HasRun && Outputs.All(output => output.Type is null || (output.HasKnownShape && !output.Type.IsString));

    /// <summary>Whether all inputs and outputs begin with one open dimension, so that rows of several calls go together.</summary>
    public bool HasBatch => HasRun
        && Dimensions.Any(dimension => Inputs.All(input => LeadsWith(input.Tensor, dimension.Variable, Inputs.Count)))
        && Outputs.All(output => output.Type is null || output.Tensor.Shape is { Count: > 0 } shape && !shape[0].IsFixed);

    public IEnumerable<DimensionMember> Asked => Dimensions.Where(dimension => dimension.Variable.IsAsked)
        .OrderBy(dimension => dimension.Variable.Input).ThenBy(dimension => dimension.Variable.Axis);

    public IEnumerable<OutputMember> TypedOutputs => Outputs.Where(output => output.Type is not null);

    private static bool LeadsWith(TensorSignature tensor, ShapeVariable variable, int inputs) => tensor.Shape is { Count: > 0 } shape
        && (variable.Symbol is { } symbol
            ? shape[0].Symbol == symbol && shape.Count(dimension => dimension.Symbol == symbol) == 1
            : inputs == 1 && variable.Axis == 0 && !shape[0].IsFixed);
}

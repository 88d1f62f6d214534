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

    public IEnumerable<DimensionMember> Asked => Dimensions.Where(dimension => dimension.Variable.IsAsked)
        .OrderBy(dimension => dimension.Variable.Input).ThenBy(dimension => dimension.Variable.Axis);

    public IEnumerable<OutputMember> TypedOutputs => Outputs.Where(output => output.Type is not null);
}

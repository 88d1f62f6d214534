using ModelBuild.Generator.Shapes;
using ModelBuild.Generator.Signatures;

namespace ModelBuild.Generator.Classes;

/// <summary>Represents the plan of a generated class: the signature and all names and members, so that emitters only write text.</summary>
/// <param name="File">The path of the signature file.</param>
/// <param name="Call">The arguments of a plain call: all inputs.</param>
/// <param name="LabelOutput">The index of the output whose scores have labels; null without labels or such an output.</param>
/// <param name="Stream">The states and the arguments of a stream; null for a model without states.</param>
/// <param name="Image">The image that a model with one input takes; null if none is described.</param>
/// <param name="Images">The images that a model with several inputs takes; null if none are described.</param>
/// <param name="Boxes">The boxes that the model finds; null if none are described.</param>
/// <param name="Map">The map that the model returns; null if none is described.</param>
/// <param name="Audio">The recording that the model takes; null if none is described.</param>
/// <param name="Text">The texts that the model takes; null if it takes something else.</param>
/// <param name="Decoder">The decoder with a cache; null for another model.</param>
internal sealed record ModelClass(
    string File,
    ModelSignature Signature,
    CallPlan Call,
    EquatableArray<OutputMember> Outputs,
    int? LabelOutput,
    StreamPlan? Stream,
    ImageInput? Image,
    DescribedImages? Images,
    BoxesOutput? Boxes,
    ImageMap? Map,
    AudioInput? Audio,
    TextPlan? Text,
    DecoderPlan? Decoder
)
{
    public EquatableArray<InputMember> Inputs => Call.Inputs;

    /// <summary>Gets whether the class has methods that take texts if the project references ModelBuild.Text.</summary>
    public bool TakesTexts => Text is not null || Decoder is { EncoderStates: null };

    /// <summary>
    /// Gets the tokenizer that is deployed with the model; null if there is none. If the model is not deployed, the value is null too, because a class could
    /// not find the tokenizer.
    /// </summary>
    public ValueDescription? Tokenizer => TakesTexts && Signature.Deploy != "none" ? Signature.Described(ItemMetadata.Tokenizer) : null;

    /// <summary>Gets whether all inputs and at least one output have C# types, so that the class has <c>Run</c>.</summary>
    public bool HasRun => Inputs.All(input => input.IsTyped) && Outputs.Any(output => output.IsTyped);

    /// <summary>Gets whether a caller can pass buffers for the outputs. Their sizes must be known before the call.</summary>
    public bool HasBufferRun => HasRun && Tensors.Any() && Outputs.All(output => output.Type is null || (output.HasKnownShape && !output.Type.IsString));

    /// <summary>Gets whether all inputs and outputs start with the same dynamic dimension, so that rows of several calls can run together.</summary>
    public bool HasBatch =>
        HasRun
        && Call.Dimensions.Any(dimension => Inputs.All(input => LeadsWith(input.Tensor, dimension.Variable, Inputs.Count)))
        && Outputs.All(output =>
            !output.IsTyped
            || output.Tensor.Type.StartsWith("seq(map(", StringComparison.Ordinal)
            || output.Tensor.Shape is { Count: > 0 } shape && !shape[0].IsFixed
        );

    /// <summary>Gets the outputs that are tensors.</summary>
    public IEnumerable<OutputMember> Tensors => Outputs.Where(output => output.Type is not null);

    private static bool LeadsWith(TensorSignature tensor, ShapeVariable variable, int inputs) =>
        tensor.Shape is { Count: > 0 } shape
        && (
            variable.Symbol is { } symbol
                ? shape[0].Symbol == symbol && shape.Count(dimension => dimension.Symbol == symbol) == 1
                : inputs == 1 && variable.Axis == 0 && !shape[0].IsFixed
        );
}

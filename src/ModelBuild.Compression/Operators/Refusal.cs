using ModelBuild.Onnx;

namespace ModelBuild.Compression.Operators;

/// <summary>Why a step does not change a layer. Two refusals are equal where they give the same reason.</summary>
/// <param name="Text">The reason as reports give it.</param>
internal sealed record Refusal(string Text)
{
    /// <summary>The weights are computed.</summary>
    public static readonly Refusal WeightsNotConstant = new("its weights are not constant");

    /// <summary>The second operand of a product is computed.</summary>
    public static readonly Refusal OperandNotConstant = new("its second operand is not constant");

    /// <summary>All inputs of the layer are constant.</summary>
    public static readonly Refusal BothConstant = new("both operands are constant");

    /// <summary>The weights have another element type.</summary>
    public static readonly Refusal NotFloat32 = new("its weights are not float32");

    /// <summary>A weight is infinite or not a number.</summary>
    public static readonly Refusal NotFinite = new("it holds values that are not finite");

    /// <summary>Other nodes read the weights, or a graph returns them.</summary>
    public static readonly Refusal SharedWeights = new("other nodes use its weights too");

    /// <summary>A graph returns the weights.</summary>
    public static readonly Refusal OutputWeights = new("its weights are an output of the model");

    /// <summary>The layer is so small that its new form is no smaller or no faster.</summary>
    public static readonly Refusal TooSmall = new("it is too small to save anything");

    /// <summary>The node transposes its activation.</summary>
    public static readonly Refusal TransposedInput = new("its first operand is transposed");

    /// <summary>The node scales or transposes its operands.</summary>
    public static readonly Refusal ScaledOperands = new("it scales or transposes its operands");

    /// <summary>The recipe names the layer or its weights.</summary>
    public static readonly Refusal Excluded = new("the recipe excludes it");

    /// <summary>The tensor has no elements.</summary>
    public static readonly Refusal Empty = new("it is empty");

    /// <summary>The bias is computed, or has another element type than float32.</summary>
    public static readonly Refusal BiasNotConstant = new("its bias is not constant");

    /// <summary>A product adds another operand than one number for each column.</summary>
    public static readonly Refusal NoBias = new("its third operand is not a bias of its columns");

    /// <summary>The weights have a rank that the step cannot use.</summary>
    /// <param name="weight">The weights.</param>
    /// <param name="expected">The one rank that the step can use; null where there are several.</param>
    public static Refusal Rank(TensorProto weight, int? expected = null) =>
        new($"its weights have {weight.Dims.Count} dimensions{(expected is { } rank ? $", not {rank}" : "")}");

    /// <summary>The refusal of numbers among which some are infinite or not a number, or null.</summary>
    public static Refusal? OfNotFinite(ReadOnlySpan<float> values) => values.IsFinite() ? null : NotFinite;
}

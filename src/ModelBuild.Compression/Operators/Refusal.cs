using ModelBuild.Onnx;

namespace ModelBuild.Compression.Operators;

/// <summary>The reason why a step does not change a layer. Two refusals are equal if they give the same reason.</summary>
/// <param name="Text">The reason as reports give it.</param>
internal sealed record Refusal(string Text)
{
    /// <summary>The refusal of a layer whose weights are computed rather than constant.</summary>
    public static readonly Refusal WeightsNotConstant = new("its weights are not constant");

    /// <summary>The refusal of a product whose second operand is computed rather than constant.</summary>
    public static readonly Refusal OperandNotConstant = new("its second operand is not constant");

    /// <summary>The refusal of a layer whose inputs are all constant.</summary>
    public static readonly Refusal BothConstant = new("both operands are constant");

    /// <summary>The refusal of a layer whose weights have another element type than float32.</summary>
    public static readonly Refusal NotFloat32 = new("its weights are not float32");

    /// <summary>The refusal of a layer with weights that are infinite or NaN.</summary>
    public static readonly Refusal NotFinite = new("it holds values that are not finite");

    /// <summary>The refusal of a layer whose weights other nodes read, or a graph returns.</summary>
    public static readonly Refusal SharedWeights = new("other nodes use its weights too");

    /// <summary>The refusal of a layer whose weights are an output of the model.</summary>
    public static readonly Refusal OutputWeights = new("its weights are an output of the model");

    /// <summary>The refusal of a layer that is so small that its new form would be no smaller or no faster.</summary>
    public static readonly Refusal TooSmall = new("it is too small to save anything");

    /// <summary>The refusal of a layer whose node transposes its activation.</summary>
    public static readonly Refusal TransposedInput = new("its first operand is transposed");

    /// <summary>The refusal of a product whose node scales or transposes its operands.</summary>
    public static readonly Refusal ScaledOperands = new("it scales or transposes its operands");

    /// <summary>The refusal of a layer that the recipe excludes by its name or by that of its weights.</summary>
    public static readonly Refusal Excluded = new("the recipe excludes it");

    /// <summary>The refusal of a tensor without elements.</summary>
    public static readonly Refusal Empty = new("it is empty");

    /// <summary>The refusal of a layer whose bias is computed, or has another element type than float32.</summary>
    public static readonly Refusal BiasNotConstant = new("its bias is not constant");

    /// <summary>The refusal of a product that adds another operand than one number for each column.</summary>
    public static readonly Refusal NoBias = new("its third operand is not a bias of its columns");

    /// <summary>Returns the refusal of a layer whose weights have a rank that the step cannot use.</summary>
    /// <param name="weight">The weights.</param>
    /// <param name="expected">The one rank that the step can use; null where there are several.</param>
    public static Refusal Rank(TensorProto weight, int? expected = null) =>
        new($"its weights have {weight.Dims.Count} dimensions{(expected is { } rank ? $", not {rank}" : "")}");

    /// <summary>Returns the refusal of numbers of which some are infinite or NaN; null if all are finite.</summary>
    public static Refusal? OfNotFinite(ReadOnlySpan<float> values) => values.IsFinite() ? null : NotFinite;
}

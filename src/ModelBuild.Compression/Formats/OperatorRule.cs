namespace ModelBuild.Compression.Formats;

/// <summary>The support of an operator for 16-bit floats.</summary>
/// <param name="Kind">The kind of the operator.</param>
/// <param name="Float16Since">The first opset version in which the operator supports float16.</param>
/// <param name="Bfloat16Since">The first opset version in which the operator supports bfloat16.</param>
internal sealed record OperatorRule(OperatorKind Kind, long Float16Since, long Bfloat16Since)
{
    /// <summary>The opset version of an operator that never supports a format.</summary>
    public const long Never = long.MaxValue;

    /// <summary>The indices of inputs that are always float32.</summary>
    public IReadOnlyList<int> Float32Inputs { get; init; } = [];

    /// <summary>The indices of outputs that are always float32.</summary>
    public IReadOnlyList<int> Float32Outputs { get; init; } = [];

    /// <summary>Whether the inputs may have any float type, independent of the type of the outputs.</summary>
    public bool TakesAny { get; init; }

    /// <summary>Whether constant inputs scale the outputs, so that they must keep their precision.</summary>
    public bool Multiplies { get; init; }

    /// <summary>Returns the first opset version that supports the format.</summary>
    public long Since(NarrowFloat format) => format == NarrowFloat.Float16 ? Float16Since : Bfloat16Since;
}

namespace ModelBuild.Compression.Formats;

/// <summary>How an operator takes 16-bit floats.</summary>
/// <param name="Kind">What it does with the numbers.</param>
/// <param name="Float16Since">The version of its operator set from which on it takes float16.</param>
/// <param name="Bfloat16Since">The same for bfloat16.</param>
internal sealed record OperatorRule(OperatorKind Kind, long Float16Since, long Bfloat16Since)
{
    /// <summary>Stands for a version that does not exist.</summary>
    public const long Never = long.MaxValue;

    /// <summary>The inputs that are float32 whatever the others are.</summary>
    public IReadOnlyList<int> Float32Inputs { get; init; } = [];

    /// <summary>The outputs that are float32 whatever the inputs are.</summary>
    public IReadOnlyList<int> Float32Outputs { get; init; } = [];

    /// <summary>Whether its inputs may have any float type, none of them bound to the outputs' type.</summary>
    public bool TakesAny { get; init; }

    /// <summary>Whether constants among its inputs scale what it gives, so that they must keep their precision.</summary>
    public bool Multiplies { get; init; }

    /// <summary>The first version that takes the format.</summary>
    public long Since(NarrowFloat format) => format == NarrowFloat.Float16 ? Float16Since : Bfloat16Since;
}

using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Compilers.Checks;

/// <summary>A compiler of models, and what it takes.</summary>
/// <param name="Name">The name on the command line.</param>
/// <param name="Title">The name in messages.</param>
/// <param name="Source">The document that <see cref="Operators"/> follows.</param>
internal sealed record Compiler(string Name, string Title, TableSource Source)
{
    /// <summary>The newest version of the standard operators that the compiler takes.</summary>
    public required long NewestOpset { get; init; }

    /// <summary>The oldest version of the standard operators that the compiler takes.</summary>
    public long OldestOpset { get; init; } = 1;

    /// <summary>The standard operators by name.</summary>
    public required IReadOnlyDictionary<string, OperatorSupport> Operators { get; init; }

    /// <summary>The element types of values and constants.</summary>
    public required IReadOnlySet<DataType> Types { get; init; }

    /// <summary>Whether quantized values are int8 with the zero point 0, and codes are converted by DequantizeLinear only.</summary>
    public bool IsSymmetric { get; init; }

    /// <summary>Whether DequantizeLinear takes codes of 4 bits and scales of blocks.</summary>
    public bool HasBlocks { get; init; }

    /// <summary>Whether LayerNormalization must have a bias.</summary>
    public bool NeedsLayerBiases { get; init; }

    /// <summary>Whether DequantizeLinear takes blocks along the first of two dimensions only.</summary>
    public bool HasRowBlocksOnly { get; init; }
}

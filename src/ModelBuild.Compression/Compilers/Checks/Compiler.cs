using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Compilers.Checks;

/// <summary>A compiler of ONNX models, such as TensorRT, with the opsets, operators and element types that it supports.</summary>
/// <param name="Name">The name on the command line.</param>
/// <param name="Title">The name in messages.</param>
/// <param name="Source">The document that <see cref="Operators"/> follows.</param>
internal sealed record Compiler(string Name, string Title, TableSource Source)
{
    /// <summary>The newest version of the standard operators that the compiler supports.</summary>
    public required long NewestOpset { get; init; }

    /// <summary>The oldest version of the standard operators that the compiler supports.</summary>
    public long OldestOpset { get; init; } = 1;

    /// <summary>The standard operators that the compiler supports, by name.</summary>
    public required IReadOnlyDictionary<string, OperatorSupport> Operators { get; init; }

    /// <summary>The element types of values and constants that the compiler supports.</summary>
    public required IReadOnlySet<DataType> Types { get; init; }

    /// <summary>Whether the only codes that the compiler supports are int8 codes with the zero point 0, which only DequantizeLinear converts.</summary>
    public bool IsSymmetric { get; init; }

    /// <summary>Whether the DequantizeLinear of the compiler supports codes of 4 bits and one scale for each block.</summary>
    public bool HasBlocks { get; init; }

    /// <summary>Whether the compiler supports LayerNormalization only with a bias.</summary>
    public bool NeedsLayerBiases { get; init; }

    /// <summary>Whether the DequantizeLinear of the compiler supports blocks only along the first of two dimensions.</summary>
    public bool HasRowBlocksOnly { get; init; }
}

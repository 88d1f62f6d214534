using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Layers.Grids;

namespace ModelBuild.Compression.Passes.Quantization.Blocks;

/// <summary>The settings that the steps <c>int4</c> and <c>int8-blocks</c> have in common.</summary>
/// <param name="Bits">The bits in which a code is stored: 4 or 8.</param>
/// <param name="CodeBits">The bits that determine the number of codes; not more than <paramref name="Bits"/>.</param>
/// <param name="LastLayerBits">The bits of the product that computes the model's output.</param>
/// <param name="BlockSize">The number of weights of an output channel that share a scale.</param>
/// <param name="Symmetric">Whether there are no zero points.</param>
/// <param name="Method">The method that chooses the range of a block.</param>
/// <param name="Balanced">Whether weights are rounded so that the sum of the errors of a block is near zero.</param>
/// <param name="Format">The form of a matrix product.</param>
/// <param name="AccuracyLevel">The arithmetic of MatMulNBits.</param>
/// <param name="Storage">The storage of other weights.</param>
/// <param name="Exclude">Names of nodes or weights that the step skips.</param>
internal sealed record BlockSettings(
    int Bits,
    int CodeBits,
    int LastLayerBits,
    int BlockSize,
    bool Symmetric,
    GridSearch Method,
    bool Balanced,
    BlockFormat Format,
    int AccuracyLevel,
    StorageGranularity Storage,
    string Exclude
)
{
    /// <summary>Returns the settings for the options of <c>int4</c>.</summary>
    /// <exception cref="CompressionException">MB1005: an option has a value that does not exist.</exception>
    public static BlockSettings Of(Int4Options o) =>
        Check(new(4, o.Bits, o.LastLayerBits, o.BlockSize, o.Symmetric, o.Method, o.Balanced, o.Format, o.AccuracyLevel, o.Storage, o.Exclude));

    /// <summary>Returns the settings for the options of <c>int8-blocks</c>.</summary>
    /// <exception cref="CompressionException">MB1005: an option has a value that does not exist.</exception>
    public static BlockSettings Of(Int8BlocksOptions o) =>
        Check(new(8, 8, 8, o.BlockSize, o.Symmetric, o.Method, o.Balanced, o.Format, o.AccuracyLevel, o.Storage, o.Exclude));

    /// <summary>Returns the block size for rows of this length: not more than the least power of two that covers the row, and at least 16.</summary>
    public int BlockFor(int columns)
    {
        var size = BlockSize;
        while (size > 16 && size / 2 >= columns)
            size /= 2;
        return size;
    }

    /// <summary>Returns the quantization rule of a format that has integral zero points or none.</summary>
    public BlockGrid WholeGrid(int bits, int blockSize) => new(CodeBitsOf(bits), blockSize, Symmetric ? ZeroPointKind.None : ZeroPointKind.Whole, Method);

    /// <summary>Returns the quantization rule of the storage form, which supports real zero points and scales in float16.</summary>
    public BlockGrid StoredGrid(int bits, int blockSize) =>
        new(CodeBitsOf(bits), blockSize, Symmetric ? ZeroPointKind.None : ZeroPointKind.Real, Method, Half: true);

    /// <summary>Returns the number of bits of codes in words.</summary>
    /// <param name="bits">The bits in which the codes are stored. The last layer may have more of them than the others.</param>
    public string Words(int bits) => CodeBitsOf(bits) == bits ? $"{bits} bits" : $"{CodeBitsOf(bits)} of {bits} bits";

    private int CodeBitsOf(int bits) => bits == Bits ? CodeBits : bits;

    private static BlockSettings Check(BlockSettings settings)
    {
        if (settings.BlockSize is not (16 or 32 or 64 or 128 or 256))
            throw new CompressionException(Codes.UnknownOption, $"The block size {settings.BlockSize} does not exist; 16, 32, 64, 128 and 256 do.");
        if (settings.CodeBits is < 2 or > 8 || settings.CodeBits > settings.Bits)
            throw new CompressionException(Codes.UnknownOption, $"Codes of int4 cannot have {settings.CodeBits} bits; they can have 2, 3 or 4.");
        if (settings.LastLayerBits is not (4 or 8))
            throw new CompressionException(Codes.UnknownOption, $"The last layer cannot have {settings.LastLayerBits} bits; it can have 4 or 8.");
        return settings.AccuracyLevel is >= 0 and <= 4
            ? settings
            : throw new CompressionException(Codes.UnknownOption, $"The accuracy level {settings.AccuracyLevel} does not exist; 0 to 4 do.");
    }
}

using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Layers.Grids;

namespace ModelBuild.Compression.Passes.Quantization.Blocks;

/// <summary>The settings that the steps <c>int4</c> and <c>int8-blocks</c> have in common.</summary>
internal sealed record BlockSettings(
    int Bits,
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
    /// <summary>Returns the settings of <c>int4</c>.</summary>
    /// <exception cref="CompressionException">MB1005: an option has a value that does not exist.</exception>
    public static BlockSettings Of(Int4Options o) =>
        Check(new(4, o.LastLayerBits, o.BlockSize, o.Symmetric, o.Method, o.Balanced, o.Format, o.AccuracyLevel, o.Storage, o.Exclude));

    /// <summary>Returns the settings of <c>int8-blocks</c>.</summary>
    /// <exception cref="CompressionException">MB1005: an option has a value that does not exist.</exception>
    public static BlockSettings Of(Int8BlocksOptions o) =>
        Check(new(8, 8, o.BlockSize, o.Symmetric, o.Method, o.Balanced, o.Format, o.AccuracyLevel, o.Storage, o.Exclude));

    /// <summary>Returns the block size for rows of this length: not more than the least power of two that covers the row, and at least 16.</summary>
    public int BlockFor(int columns)
    {
        var size = BlockSize;
        while (size > 16 && size / 2 >= columns)
            size /= 2;
        return size;
    }

    /// <summary>Returns the rule of a format with integral zero points or none.</summary>
    public BlockGrid WholeGrid(int bits, int blockSize) => new(bits, blockSize, Symmetric ? ZeroPointKind.None : ZeroPointKind.Whole, Method);

    /// <summary>Returns the rule of the storage form, which supports real zero points and scales in float16.</summary>
    public BlockGrid StoredGrid(int bits, int blockSize) => new(bits, blockSize, Symmetric ? ZeroPointKind.None : ZeroPointKind.Real, Method, Half: true);

    private static BlockSettings Check(BlockSettings settings)
    {
        if (settings.BlockSize is not (16 or 32 or 64 or 128 or 256))
            throw new CompressionException(Codes.UnknownOption, $"The block size {settings.BlockSize} does not exist; 16, 32, 64, 128 and 256 do.");
        if (settings.LastLayerBits is not (4 or 8))
            throw new CompressionException(Codes.UnknownOption, $"The last layer cannot have {settings.LastLayerBits} bits; it can have 4 or 8.");
        return settings.AccuracyLevel is >= 0 and <= 4
            ? settings
            : throw new CompressionException(Codes.UnknownOption, $"The accuracy level {settings.AccuracyLevel} does not exist; 0 to 4 do.");
    }
}

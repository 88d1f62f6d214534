using ModelBuild.Compression.Signatures;

namespace ModelBuild.Compression.Calibration;

/// <summary>A set of assumed sizes for the dynamic dimensions of a model.</summary>
/// <param name="Size">The size of a position axis, such as the side of an image or the length of a sequence.</param>
/// <param name="LoneIsBatch">Whether the only dynamic dimension of an input is a batch on any axis, as in a recurrent state [2, ?, 128].</param>
internal sealed record DynamicDimensions(int Size, bool LoneIsBatch)
{
    /// <summary>
    /// The assumed sizes in the order in which they are tried: first image sides that strided networks can divide, then lengths of sequences.
    /// </summary>
    public static IReadOnlyList<DynamicDimensions> Guesses { get; } =
    [.. new[] { false, true }.SelectMany(lone => new[] { 64, 224, 320, 576, 512, 16, 8, 1 }.Select(size => new DynamicDimensions(size, lone)))];

    /// <summary>The assumed number of rows of a batch whose size is dynamic.</summary>
    public long Batch { get; init; } = 1;

    /// <summary>Returns the shape of an input with the assumed sizes. A dynamic dimension is a batch if it is the first one or if its symbol says so.</summary>
    public long[] Shape(ValueSignature input) => Shape(input, sample: null);

    /// <summary>
    /// Returns the shape of an input with the assumed number of rows. The other dynamic dimensions have the sizes of a sample if one is given, and the assumed
    /// sizes otherwise.
    /// </summary>
    public long[] Shape(ValueSignature input, long[]? sample)
    {
        if (input.Shape is not { } dimensions)
            return sample ?? [];
        var lone = LoneIsBatch && dimensions.Count(dimension => dimension.Size is null) == 1;
        return [.. dimensions.Select((dimension, axis) => dimension.Size ?? (axis == 0 || lone || IsBatch(dimension.Name) ? Batch : sample?[axis] ?? Size))];
    }

    /// <summary>Returns whether a tensor of this shape is valid for the input.</summary>
    public static bool Fits(ValueSignature input, IReadOnlyList<long> shape) =>
        input.Shape is not { } declared
        || (declared.Count == shape.Count && declared.Zip(shape).All(pair => pair.First.Size is not { } size || size == pair.Second));

    private static bool IsBatch(string? symbol) =>
        symbol is not null && (symbol.Contains("batch", StringComparison.OrdinalIgnoreCase) || symbol.Equals("n", StringComparison.OrdinalIgnoreCase));
}

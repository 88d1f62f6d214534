using ModelBuild.Compression.Signatures;

namespace ModelBuild.Compression.Calibration;

/// <summary>One guess at the sizes of dimensions that a model leaves open.</summary>
/// <param name="Size">The size of a position axis: a side of an image, a length of a sequence.</param>
/// <param name="LoneIsBatch">Whether an input's only open dimension is a batch wherever it stands, as in a recurrent state [2, ?, 128].</param>
internal sealed record OpenDimensions(int Size, bool LoneIsBatch)
{
    /// <summary>
    /// The guesses in the order in which they are tried: image sides that strided networks divide, then lengths that sequence models take.
    /// </summary>
    public static IReadOnlyList<OpenDimensions> Guesses { get; } =
    [.. new[] { false, true }.SelectMany(lone => new[] { 64, 224, 320, 576, 512, 16, 8, 1 }.Select(size => new OpenDimensions(size, lone)))];

    /// <summary>The rows of a batch whose number is open.</summary>
    public long Batch { get; init; } = 1;

    /// <summary>The shape that an input gets: an open first axis, or one that says so, is a batch.</summary>
    public long[] Shape(ValueSignature input) => Shape(input, sample: null);

    /// <summary>The same, but other open axes as in a sample where there is one.</summary>
    public long[] Shape(ValueSignature input, long[]? sample)
    {
        if (input.Shape is not { } dimensions)
            return sample ?? [];
        var lone = LoneIsBatch && dimensions.Count(dimension => dimension.Size is null) == 1;
        return [.. dimensions.Select((dimension, axis) => dimension.Size ?? (axis == 0 || lone || IsBatch(dimension.Name) ? Batch : sample?[axis] ?? Size))];
    }

    /// <summary>Whether a tensor of this shape may be given for the input.</summary>
    public static bool Fits(ValueSignature input, IReadOnlyList<long> shape) =>
        input.Shape is not { } declared
        || (declared.Count == shape.Count && declared.Zip(shape).All(pair => pair.First.Size is not { } size || size == pair.Second));

    private static bool IsBatch(string? symbol) =>
        symbol is not null && (symbol.Contains("batch", StringComparison.OrdinalIgnoreCase) || symbol.Equals("n", StringComparison.OrdinalIgnoreCase));
}

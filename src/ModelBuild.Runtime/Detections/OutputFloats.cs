namespace ModelBuild.Runtime.Detections;

/// <summary>Represents the elements of an output as floats.</summary>
/// <param name="Elements">The elements in row-major order. They are those of the output itself if it has the type float32.</param>
/// <param name="Shape">The shape.</param>
internal readonly record struct OutputFloats(ReadOnlyMemory<float> Elements, long[] Shape)
{
    /// <summary>Gets the number of dimensions of the output.</summary>
    public int Rank => Shape.Length;

    /// <summary>
    /// Gets the size of a dimension that is counted from the last one, which has the index 1. The size is 1 for a dimension that does not exist.
    /// </summary>
    public int FromEnd(int index) => index <= Shape.Length ? (int)Shape[^index] : 1;

    /// <summary>Gets the elements of one image: a part along the first dimension, or all elements if the output has no dimension for images.</summary>
    /// <param name="image">The index of the image.</param>
    /// <param name="rank">The number of dimensions with a dimension for images.</param>
    /// <exception cref="InvalidOperationException">The output has no elements for this image.</exception>
    public ReadOnlySpan<float> Of(int image, int rank)
    {
        var images = Rank == rank ? (int)Shape[0] : 1;
        if (image >= images)
            throw new InvalidOperationException(
                $"The output has the shape [{string.Join(", ", Shape)}] and no part for image {image + 1} of the call. Run the model with one image."
            );
        var length = Elements.Length / images;
        return Elements.Span.Slice(image * length, length);
    }
}

using System.Numerics.Tensors;

namespace ModelBuild.Runtime.Detections;

/// <summary>
/// Computes the mask of an object from prototypes, which are planes that all objects of an image share (Bolya et al. 2019, arXiv:1904.02689): a pixel belongs
/// to the object if the sum of the prototypes, each multiplied by a coefficient of the object, is positive at this pixel.
/// </summary>
internal static class MaskReader
{
    private const int Rank = 4;

    /// <summary>Returns the mask inside the box of an object.</summary>
    /// <param name="prototypes">The prototypes.</param>
    /// <param name="image">The index of the image in the call.</param>
    /// <param name="numbers">The coefficients of the object.</param>
    /// <param name="box">The box in pixels of the original.</param>
    /// <param name="placement">The place of the original in the prepared image.</param>
    /// <returns>The mask; null if the box has no pixels.</returns>
    public static DetectionMask? Read(OutputFloats prototypes, int image, float[] numbers, ImageBox box, ImagePlacement placement)
    {
        var (left, top) = ((int)MathF.Floor(box.Left), (int)MathF.Floor(box.Top));
        var (width, height) = ((int)MathF.Ceiling(box.Right) - left, (int)MathF.Ceiling(box.Bottom) - top);
        if (width <= 0 || height <= 0)
            return null;
        var (planeHeight, planeWidth) = (prototypes.FromEnd(2), prototypes.FromEnd(1));
        var plane = Combine(prototypes.Of(image, Rank), numbers, planeHeight * planeWidth);
        var pixels = new byte[width * height];
        for (var y = 0; y < height; y++)
        for (var x = 0; x < width; x++)
        {
            var (preparedX, preparedY) = placement.ToPrepared(left + x + 0.5f, top + y + 0.5f);
            var value = Interpolate(
                plane,
                planeWidth,
                planeHeight,
                (preparedX * planeWidth / placement.Prepared.Width) - 0.5f,
                (preparedY * planeHeight / placement.Prepared.Height) - 0.5f
            );
            pixels[(y * width) + x] = value > 0 ? byte.MaxValue : (byte)0;
        }

        return new DetectionMask(left, top, new ImageView(pixels, width, height, PixelFormat.Gray));
    }

    private static float[] Combine(ReadOnlySpan<float> prototypes, float[] numbers, int length)
    {
        var plane = new float[length];
        for (var i = 0; i < numbers.Length; i++)
            TensorPrimitives.MultiplyAdd(prototypes.Slice(i * length, length), numbers[i], plane, plane);
        return plane;
    }

    private static float Interpolate(float[] plane, int width, int height, float x, float y)
    {
        x = Math.Clamp(x, 0, width - 1);
        y = Math.Clamp(y, 0, height - 1);
        var (left, top) = ((int)x, (int)y);
        var (right, bottom) = (Math.Min(left + 1, width - 1), Math.Min(top + 1, height - 1));
        var (partX, partY) = (x - left, y - top);
        var upper = (plane[(top * width) + left] * (1 - partX)) + (plane[(top * width) + right] * partX);
        var lower = (plane[(bottom * width) + left] * (1 - partX)) + (plane[(bottom * width) + right] * partX);
        return (upper * (1 - partY)) + (lower * partY);
    }
}

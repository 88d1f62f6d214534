using System.Runtime.InteropServices;
using ModelBuild.Compression.Execution;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Preprocessing;

/// <summary>Computes the largest difference of two prepared tensors in the values of pixels, 0 to 255.</summary>
internal static class PixelDifference
{
    /// <summary>Returns the largest difference of two prepared tensors, in the values of pixels from 0 to 255.</summary>
    /// <param name="input">The input of the model, which has the factors of the channels.</param>
    /// <param name="one">A tensor.</param>
    /// <param name="other">Another tensor of the same type.</param>
    /// <returns>The difference; infinity if the shapes differ.</returns>
    public static double Of(PictureInput input, SampleArray one, SampleArray other)
    {
        if (!one.Shape.AsSpan().SequenceEqual(other.Shape) || one.Type != other.Type)
            return double.PositiveInfinity;
        var left = Floats(one);
        var right = Floats(other);
        double[] factors = [.. input.Description.Values.Select(channel => Math.Abs(channel.Factor))];
        var inner = input.Dimensions.IsChannelsFirst ? one.Shape[2] * one.Shape[3] : 1;
        var largest = 0.0;
        for (var i = 0; i < left.Length; i++)
        {
            var factor = factors[i / inner % factors.Length];
            // Equal values are skipped, because they may be infinite, and the difference of two equal infinities is NaN.
            if (factor > 0 && !left[i].Equals(right[i]))
                largest = Math.Max(largest, Math.Abs((double)left[i] - right[i]) / factor);
        }

        return largest;
    }

    private static ReadOnlySpan<float> Floats(SampleArray array) =>
        array.Type switch
        {
            DataType.Uint8 => Array.ConvertAll(array.Data, value => (float)value),
            DataType.Float16 => Array.ConvertAll(MemoryMarshal.Cast<byte, Half>(array.Data).ToArray(), value => (float)value),
            _ => array.Floats,
        };
}

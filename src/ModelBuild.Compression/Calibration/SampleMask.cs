using System.Runtime.InteropServices;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Calibration;

/// <summary>
/// Which positions of a sample are real and which are padding: the values of an input [batch, positions] whose name says that it is a mask, and that
/// holds nothing but zeros and ones.
/// Callers do not use what a model computes at padded positions.
/// </summary>
internal static class SampleMask
{
    /// <summary>Whether each position is real, batch by batch; null where the sample has no mask, or pads nothing.</summary>
    public static bool[]? Of(Sample sample)
    {
        foreach (var (name, array) in sample.Inputs)
            if (MaskInput.IsMask(name, array.Shape.Length) && Values(array) is { } mask && mask.Contains(false) && mask.Contains(true))
                return mask;
        return null;
    }

    private static bool[]? Values(SampleArray array) => array.Type switch
    {
        DataType.Int64 => Flags<long>(array.Data, value => value is 0 or 1, value => value != 0),
        DataType.Int32 => Flags<int>(array.Data, value => value is 0 or 1, value => value != 0),
        DataType.Bool => Flags<byte>(array.Data, value => value is 0 or 1, value => value != 0),
        DataType.Float => Flags<float>(array.Data, value => value is 0 or 1, value => value != 0),
        _ => null,
    };

    private static bool[]? Flags<T>(ReadOnlySpan<byte> data, Predicate<T> isFlag, Converter<T, bool> isReal)
        where T : unmanaged
    {
        var values = MemoryMarshal.Cast<byte, T>(data).ToArray();
        return Array.TrueForAll(values, isFlag) ? Array.ConvertAll(values, isReal) : null;
    }
}

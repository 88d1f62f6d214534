using System.Numerics;
using System.Runtime.InteropServices;
using ModelBuild.Compression.Execution;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Calibration;

/// <summary>
/// Finds the positions of a sample that are real. Others are padding, and applications do not use the outputs at padded positions. A mask is an input [batch,
/// positions] whose name says so and that holds only zeros and ones.
/// </summary>
internal static class SampleMask
{
    /// <summary>Returns, for each position in row-major order, whether it is real. The result is null when the sample has no mask or no padding.</summary>
    public static bool[]? Of(Sample sample)
    {
        foreach (var (name, array) in sample.Inputs)
            if (MaskInput.IsMask(name, array.Shape.Length) && Values(array) is { } flags && flags.Contains(false) && flags.Contains(true))
                return Array.ConvertAll(flags, flag => MaskInput.IsReal(name, flag));
        return null;
    }

    private static bool[]? Values(SampleArray array) =>
        array.Type switch
        {
            DataType.Int64 => Flags<long>(array.Data),
            DataType.Int32 => Flags<int>(array.Data),
            DataType.Bool => Flags<byte>(array.Data),
            DataType.Float => Flags<float>(array.Data),
            _ => null,
        };

    private static bool[]? Flags<T>(ReadOnlySpan<byte> data)
        where T : unmanaged, INumber<T>
    {
        var values = MemoryMarshal.Cast<byte, T>(data).ToArray();
        return Array.TrueForAll(values, value => value == T.Zero || value == T.One) ? Array.ConvertAll(values, value => value == T.One) : null;
    }
}

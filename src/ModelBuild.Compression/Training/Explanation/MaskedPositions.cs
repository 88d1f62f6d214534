using System.Runtime.InteropServices;
using ModelBuild.Compression.Execution;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Training.Explanation;

/// <summary>Determines the positions of an output that a mask input keeps.</summary>
internal static class MaskedPositions
{
    /// <summary>Returns for each position of the first two axes whether it counts; null if all positions count.</summary>
    /// <param name="inputs">The inputs of the batch.</param>
    /// <param name="mask">The name of the input that is 0 for positions that do not count; null if all count.</param>
    /// <param name="shape">The shape of the output.</param>
    public static bool[]? Of(Sample inputs, string? mask, long[] shape)
    {
        if (mask is null || shape.Length != 3 || !inputs.Inputs.TryGetValue(mask, out var array) || !array.Shape.SequenceEqual(shape.Take(2)))
            return null;
        return array.Type switch
        {
            DataType.Int64 => Array.ConvertAll(MemoryMarshal.Cast<byte, long>(array.Data).ToArray(), number => number != 0),
            DataType.Int32 => Array.ConvertAll(MemoryMarshal.Cast<byte, int>(array.Data).ToArray(), number => number != 0),
            DataType.Float => Array.ConvertAll(array.Floats.ToArray(), number => number != 0),
            DataType.Bool => Array.ConvertAll(array.Data, number => number != 0),
            _ => null,
        };
    }
}

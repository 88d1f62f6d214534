using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Training.SafeTensors;

/// <summary>One tensor of a safetensors file.</summary>
/// <param name="Name">The name, which is unique in the file.</param>
/// <param name="Type">The element type, one of <see cref="SafeTensorTypes"/>.</param>
/// <param name="Shape">The sizes of the dimensions; empty for a scalar.</param>
/// <param name="Bytes">The elements in row-major order, little-endian.</param>
internal sealed record SafeTensor(string Name, DataType Type, IReadOnlyList<long> Shape, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>Returns the number of bytes of a tensor. It is <see cref="long.MaxValue"/> if the number does not fit into 64 bits.</summary>
    public static long Size(DataType type, IReadOnlyList<long> shape)
    {
        if (shape.Contains(0))
            return 0;
        Int128 count = 1;
        foreach (var size in shape)
            if ((count *= size) > long.MaxValue)
                return long.MaxValue;
        return DataTypes.Bytes(type, (long)count);
    }
}

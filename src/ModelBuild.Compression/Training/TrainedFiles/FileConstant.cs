using ModelBuild.Compression.Training.SafeTensors;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Training.TrainedFiles;

/// <summary>
/// The constants of one training step in a safetensors file. The name begins with the number of the step. A tensor of a type that the format lacks, such as
/// int4, is stored as bytes. The JSON document in the metadata of the file holds its ONNX type and its shape.
/// </summary>
internal static class FileConstant
{
    /// <summary>Returns the tensor of a trained file for a constant.</summary>
    /// <param name="step">The number of the training step, from 0.</param>
    /// <param name="constant">The constant.</param>
    public static SafeTensor Of(int step, TensorProto constant) =>
        IsPacked(constant)
            ? new SafeTensor(Name(step, constant.Name), DataType.Uint8, [constant.RawData.Length], constant.RawData.Memory)
            : new SafeTensor(Name(step, constant.Name), (DataType)constant.DataType, [.. constant.Dims], constant.RawData.Memory);

    /// <summary>Returns the type and shape of a constant that is stored as bytes; null for other constants.</summary>
    public static PackedConstant? Packing(TensorProto constant) =>
        IsPacked(constant) ? new PackedConstant(constant.Name, ((DataType)constant.DataType).ToString(), [.. constant.Dims]) : null;

    /// <summary>Returns the number of the step and the name of the constant that a tensor of the file belongs to.</summary>
    /// <exception cref="InvalidDataException">The name is not that of a constant of a step.</exception>
    public static (int Step, string Constant) Place(string name, int steps) =>
        name.IndexOf('/', StringComparison.Ordinal) is > 0 and var slash
        && int.TryParse(name.AsSpan(0, slash), System.Globalization.NumberStyles.None, null, out var step)
        && step < steps
        && Name(step, name[(slash + 1)..]) == name
            ? (step, name[(slash + 1)..])
            : throw new InvalidDataException($"the tensor '{name}' belongs to no training step");

    /// <summary>Returns the constant that a tensor of the file holds.</summary>
    /// <param name="name">The name of the constant.</param>
    /// <param name="tensor">The tensor of the file.</param>
    /// <param name="packing">The type and shape, if the constant is stored as bytes; null otherwise.</param>
    /// <exception cref="InvalidDataException">The type is unknown, or the tensor has another number of bytes.</exception>
    public static TensorProto Constant(string name, SafeTensor tensor, PackedConstant? packing)
    {
        if (packing is null)
            return Tensors.Create(name, tensor.Type, [.. tensor.Shape], tensor.Bytes);
        if (
            !Enum.TryParse<DataType>(packing.Type, out var type)
            || DataTypes.Bits(type) == 0
            || packing.Shape.Any(size => size < 0)
            || SafeTensor.Size(type, packing.Shape) != tensor.Bytes.Length
        )
            throw new InvalidDataException($"'{name}' is a {packing.Type} of shape [{string.Join(", ", packing.Shape)}], which its bytes do not fit");
        return Tensors.Create(name, type, [.. packing.Shape], tensor.Bytes);
    }

    private static bool IsPacked(TensorProto constant) => SafeTensorTypes.Name((DataType)constant.DataType) is null;

    private static string Name(int step, string constant) => FormattableString.Invariant($"{step}/{constant}");
}

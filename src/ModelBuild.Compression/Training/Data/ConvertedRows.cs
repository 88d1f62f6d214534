using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Signatures;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Training.Data;

/// <summary>Rows that are converted to the type of their input when they are read.</summary>
/// <param name="rows">The rows as they are stored.</param>
/// <param name="type">The type in which they are stored.</param>
/// <param name="input">The input.</param>
internal sealed class ConvertedRows(IRowArray rows, DataType type, ValueSignature input) : IRowArray
{
    public void Read(long row, Span<byte> target)
    {
        var elements = target.Length / SampleArray.ElementSize(TypeFor(type, input));
        var stored = new byte[elements * SampleArray.ElementSize(type)];
        rows.Read(row, stored);
        ElementConversion.Convert(new SampleArray(type, [elements], stored), input).Data.CopyTo(target);
    }

    /// <summary>Returns the type of an input that is stored in another type.</summary>
    /// <exception cref="InvalidDataException">There is no conversion between the two types.</exception>
    public static DataType TypeFor(DataType type, ValueSignature input) => ElementConversion.Convert(new SampleArray(type, [0], []), input).Type;
}

using Google.Protobuf;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Onnx;

/// <summary>
/// Moves the elements of a tensor from whichever field or file contains them to <c>raw_data</c>, and checks that their number agrees with the shape. Other
/// code therefore need not handle the different ways in which ONNX stores elements.
/// </summary>
internal sealed class TensorNormalizer(ExternalData? external, bool skipWeights)
{
    public void Normalize(TensorProto tensor, TensorPayload? payload)
    {
        var type = (DataType)tensor.DataType;
        var isExternal = tensor.DataLocation == TensorProto.Types.DataLocation.External;
        if (payload is not null)
            tensor.ClearRawData();
        var sources = CountSources(tensor, payload);
        if (sources + (isExternal ? 1 : 0) > 1)
            throw new OnnxException(OnnxFault.Malformed, "the tensor has data in more than one field");

        var count = tensor.ElementCount();
        if (type == DataType.String)
        {
            Strings(tensor, count, isExternal || sources > (tensor.StringData.Count > 0 ? 1 : 0));
            return;
        }

        if (DataTypes.Bits(type) == 0)
        {
            if (type == DataType.Undefined && sources == 0 && !isExternal)
                return;
            throw new OnnxException(OnnxFault.UnsupportedType, FormattableString.Invariant($"the element type {tensor.DataType} is not known"));
        }

        var size = Size(tensor, type, count);
        if (isExternal)
        {
            External(tensor, size);
            return;
        }

        if (payload is { Skipped: true })
            return;
        if (payload?.Raw is { } bytes)
            tensor.RawData = UnsafeByteOperations.UnsafeWrap(bytes);
        else if (tensor.RawData.IsEmpty)
            tensor.RawData = UnsafeByteOperations.UnsafeWrap(TypedData.Extract(tensor, payload, type, size));
        if (tensor.RawData.Length != size)
            throw Mismatch(tensor, size, tensor.RawData.Length);
    }

    private static int CountSources(TensorProto tensor, TensorPayload? payload) =>
        (!tensor.RawData.IsEmpty || payload?.Raw is { Length: > 0 } ? 1 : 0)
        + (tensor.FloatData.Count > 0 || payload?.Floats.Count > 0 ? 1 : 0)
        + (tensor.DoubleData.Count > 0 || payload?.Doubles.Count > 0 ? 1 : 0)
        + (tensor.Int32Data.Count > 0 ? 1 : 0)
        + (tensor.Int64Data.Count > 0 ? 1 : 0)
        + (tensor.Uint64Data.Count > 0 ? 1 : 0)
        + (tensor.StringData.Count > 0 ? 1 : 0);

    private static void Strings(TensorProto tensor, long count, bool other)
    {
        if (other)
            throw new OnnxException(OnnxFault.Malformed, "a tensor of strings has data in a field for numbers");
        if (tensor.StringData.Count != count)
            throw new OnnxException(
                OnnxFault.SizeMismatch,
                FormattableString.Invariant($"the shape {Text.Shape(tensor)} needs {count} strings, but the tensor has {tensor.StringData.Count}")
            );
    }

    private static long Size(TensorProto tensor, DataType type, long count)
    {
        var size = DataTypes.Bytes(type, count);
        return size <= Array.MaxLength
            ? size
            : throw new OnnxException(OnnxFault.TooLarge, $"a tensor of shape {Text.Shape(tensor)} is over 2 GB, the limit for one tensor");
    }

    private void External(TensorProto tensor, long size)
    {
        if (external is null)
            throw new OnnxException(
                OnnxFault.ExternalDataMissing,
                "the tensor's data is in another file, but a model from memory has no folder that contains the file"
            );
        var memory = external.Read(tensor, size, skip: skipWeights && size > SkeletonWalker.Threshold);
        tensor.ExternalData.Clear();
        tensor.ClearDataLocation();
        tensor.ClearRawData();
        if (memory is { } data)
            tensor.RawData = UnsafeByteOperations.UnsafeWrap(data);
    }

    internal static OnnxException Mismatch(TensorProto tensor, long expected, long actual) =>
        new(
            OnnxFault.SizeMismatch,
            FormattableString.Invariant($"shape {Text.Shape(tensor)} of {(DataType)tensor.DataType} needs {expected} bytes, but the tensor has {actual}")
        );
}

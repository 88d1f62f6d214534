using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using ModelBuild.Compression.Calibration;
using ModelBuild.Compression.Execution;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Optimization;

/// <summary>An input of ONNX's test data: a tensor, or a list of tensors.</summary>
internal sealed record OnnxTestValue(TensorProto? Tensor, IReadOnlyList<TensorProto>? List)
{
    /// <summary>
    /// Reads a file that holds a TensorProto, SequenceProto or OptionalProto (onnx-data.proto). The type of the input decides which of them it is.
    /// </summary>
    /// <exception cref="NotSupportedException">ONNX Runtime's C# API cannot hand it over.</exception>
    public static OnnxTestValue Load(string path, TypeProto type)
    {
        var bytes = File.ReadAllBytes(path);
        return type.ValueCase switch
        {
            TypeProto.ValueOneofCase.SequenceType => OfList(bytes),
            TypeProto.ValueOneofCase.OptionalType when Messages(bytes, 3).FirstOrDefault() is { } tensor => new OnnxTestValue(
                TensorFile.Parse(tensor.ToByteArray()),
                null
            ),
            TypeProto.ValueOneofCase.OptionalType when Messages(bytes, 5).FirstOrDefault() is { } sequence => OfList(sequence.ToByteArray()),
            TypeProto.ValueOneofCase.OptionalType => throw new NotSupportedException("take an optional that holds nothing, which the C# API has no value for"),
            _ => OfTensor(TensorFile.Parse(bytes), type.TensorType.ElemType),
        };
    }

    public OrtValue ToOrtValue() => Tensor is not null ? ToOrtValue(Tensor) : OrtValue.CreateSequence([.. List!.Select(ToOrtValue)]);

    private static OrtValue ToOrtValue(TensorProto tensor) =>
        ModelRunner.ToOrtValue(
            new SampleArray(
                (DataType)tensor.DataType,
                [.. tensor.Dims],
                tensor.RawData.ToByteArray(),
                tensor.DataType == (int)DataType.String ? [.. tensor.StringData.Select(text => text.ToStringUtf8())] : null
            )
        );

    private static OnnxTestValue OfList(byte[] sequence) =>
        Messages(sequence, 3) is { Count: > 0 } tensors
            ? new OnnxTestValue(null, [.. tensors.Select(tensor => TensorFile.Parse(tensor.ToByteArray()))])
            : throw new NotSupportedException("take an empty list, which the C# API has no value for");

    // The authors of the test data had no bfloat16 type, and wrote the bits of the values as uint16 numbers.
    private static OnnxTestValue OfTensor(TensorProto tensor, int declared) =>
        new(
            (DataType)tensor.DataType == DataType.Uint16 && (DataType)declared == DataType.Bfloat16
                ? Tensors.Create(tensor.Name, DataType.Bfloat16, [.. tensor.Dims], tensor.RawData.ToByteArray())
                : tensor,
            null
        );

    // The method returns the values of a repeated message field.
    private static List<ByteString> Messages(byte[] bytes, int field)
    {
        using var input = new CodedInputStream(bytes);
        var found = new List<ByteString>();
        while (input.ReadTag() is var tag && tag != 0)
            if (WireFormat.GetTagFieldNumber(tag) == field && WireFormat.GetTagWireType(tag) == WireFormat.WireType.LengthDelimited)
                found.Add(input.ReadBytes());
            else
                input.SkipLastField();
        return found;
    }
}

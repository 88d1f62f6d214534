using System.Runtime.InteropServices;
using Google.Protobuf;
using ModelBuild.Serving.Requests;

namespace ModelBuild.Serving.Rpc;

/// <summary>Converts the typed contents of a gRPC message to the binary form of tensors.</summary>
internal static class RpcContents
{
    /// <summary>Returns an input of a gRPC message, with its elements in binary form.</summary>
    /// <param name="tensor">The input in the message.</param>
    /// <param name="raw">The elements in binary form; null when they are in the contents.</param>
    /// <exception cref="FormatException">The input has contents of another type, or twice.</exception>
    public static InferenceInput Input(ModelInferRequest.Types.InferInputTensor tensor, ByteString? raw)
    {
        if (raw is not null && tensor.Contents is not null)
            throw new FormatException($"input '{tensor.Name}' has both contents and raw contents");
        var binary = raw?.Memory ?? Bytes(tensor);
        return new InferenceInput(
            new InferenceTensor
            {
                Name = tensor.Name,
                DataType = tensor.Datatype,
                Shape = [.. tensor.Shape],
                BinarySize = binary.Length,
            },
            default,
            binary
        );
    }

    private static byte[] Bytes(ModelInferRequest.Types.InferInputTensor tensor)
    {
        var contents = tensor.Contents ?? throw new FormatException($"input '{tensor.Name}' has no contents");
        return tensor.Datatype switch
        {
            "BOOL" => Bytes<bool>([.. contents.BoolContents]),
            "INT8" => Bytes<sbyte>([.. contents.IntContents.Select(value => Narrow<sbyte>(value))]),
            "INT16" => Bytes<short>([.. contents.IntContents.Select(value => Narrow<short>(value))]),
            "INT32" => Bytes<int>([.. contents.IntContents]),
            "INT64" => Bytes<long>([.. contents.Int64Contents]),
            "UINT8" => Bytes<byte>([.. contents.UintContents.Select(value => Narrow<byte>(value))]),
            "UINT16" => Bytes<ushort>([.. contents.UintContents.Select(value => Narrow<ushort>(value))]),
            "UINT32" => Bytes<uint>([.. contents.UintContents]),
            "UINT64" => Bytes<ulong>([.. contents.Uint64Contents]),
            "FP32" => Bytes<float>([.. contents.Fp32Contents]),
            "FP64" => Bytes<double>([.. contents.Fp64Contents]),
            InferenceType.Bytes => Texts(tensor, contents),
            _ => throw new FormatException($"input '{tensor.Name}' of {tensor.Datatype} needs raw contents"),
        };

        T Narrow<T>(long value)
            where T : System.Numerics.INumber<T>
        {
            try
            {
                return T.CreateChecked(value);
            }
            catch (OverflowException exception)
            {
                throw new FormatException($"input '{tensor.Name}' has the element {value}, which is no {tensor.Datatype}", exception);
            }
        }
    }

    private static byte[] Bytes<T>(T[] elements)
        where T : struct => MemoryMarshal.AsBytes(elements.AsSpan()).ToArray();

    private static byte[] Texts(ModelInferRequest.Types.InferInputTensor tensor, InferTensorContents contents)
    {
        var elements = new InferenceTensor { Shape = [.. tensor.Shape] }.Elements;
        if (contents.BytesContents.Count != elements)
            throw new FormatException($"input '{tensor.Name}' has {contents.BytesContents.Count} texts, and its shape has {elements}");
        using var bytes = new MemoryStream();
        Span<byte> length = stackalloc byte[sizeof(uint)];
        foreach (var text in contents.BytesContents)
        {
            System.Buffers.Binary.BinaryPrimitives.WriteUInt32LittleEndian(length, (uint)text.Length);
            bytes.Write(length);
            bytes.Write(text.Span);
        }

        return bytes.ToArray();
    }
}

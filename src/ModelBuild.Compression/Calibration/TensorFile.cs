using Google.Protobuf;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Calibration;

/// <summary>Reads a file that holds one serialized TensorProto, as ONNX's test data does.</summary>
internal static class TensorFile
{
    /// <summary>Reads the tensor of a file. Its numbers are in <c>raw_data</c>.</summary>
    /// <exception cref="OnnxException">The file is not a tensor, or its numbers do not fit its shape.</exception>
    public static TensorProto Load(string path) => Parse(File.ReadAllBytes(path));

    /// <summary>Parses the bytes of a file that holds one serialized TensorProto.</summary>
    public static TensorProto Parse(byte[] bytes)
    {
        // The tensor becomes the only initializer of a model, so that the checks for models apply to it.
        var graph = Field(GraphProto.InitializerFieldNumber, bytes);
        return OnnxModel.Load(Field(ModelProto.GraphFieldNumber, graph)).Proto.Graph.Initializer[0];
    }

    private static byte[] Field(int number, byte[] content)
    {
        using var stream = new MemoryStream();
        using (var output = new CodedOutputStream(stream, leaveOpen: true))
        {
            output.WriteTag(number, WireFormat.WireType.LengthDelimited);
            output.WriteLength(content.Length);
            output.Flush();
            stream.Write(content);
        }

        return stream.ToArray();
    }
}

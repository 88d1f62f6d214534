using Google.Protobuf;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Calibration;

/// <summary>Reads a file that holds one serialized TensorProto, as ONNX's test data does.</summary>
internal static class TensorFile
{
    /// <summary>The tensor, with its numbers in <c>raw_data</c>.</summary>
    /// <exception cref="InvalidDataException">It is not a tensor.</exception>
    /// <exception cref="OnnxException">Its numbers do not agree with its shape.</exception>
    public static TensorProto Load(string path)
    {
        try
        {
            var tensor = TensorProto.Parser.ParseFrom(File.ReadAllBytes(path));
            // A document brings the numbers of all its tensors into one form and checks them.
            return new OnnxModel(new ModelProto { Graph = new GraphProto { Initializer = { tensor } } }).Proto.Graph.Initializer[0];
        }
        catch (InvalidProtocolBufferException exception)
        {
            throw new InvalidDataException("it is not a serialized tensor", exception);
        }
    }
}
